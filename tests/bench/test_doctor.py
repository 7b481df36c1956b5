"""`gradclinic doctor`: legible, plain JSON, and the right exit code."""

import json

import pytest
from gradclinic.bench.commands import doctor, main
from gradclinic.bench.measurement import checkup
from gradclinic.bench.measurement.checkup.check import Check
from gradclinic.bench.schemas import faults
from gradclinic.kernels import folder
from rich.console import Console

FINE = Check("memory", "ok", "Plenty.")
SLOW = Check("BLAS kernels", "warn", "Too slow. " * 20, "unset OPENBLAS_CORETYPE")
BROKEN = Check("kernel cache", "fail", "No folder.", "export GRADCLINIC_CACHE_DIR=X")


@pytest.fixture
def found(monkeypatch):
    """The checks that the command is made to find."""
    checks = []
    monkeypatch.setattr(checkup, "checkup", lambda report=None: checks)
    return checks


@pytest.mark.parametrize(
    ("checks", "code", "words"),
    [
        ([FINE], 0, "Everything is set up to run fast."),
        ([FINE, SLOW], 0, "It works; 1 finding can be improved."),
        ([SLOW, BROKEN], 5, "1 problem must be mended before it can work."),
    ],
)
def test_verdict_and_exit_code(found, capsys, checks, code, words):
    found += checks
    assert main(["doctor"]) == code
    out, err = capsys.readouterr()
    assert out.rstrip().endswith(words)
    assert err == ""


def test_json_is_all_there_is_on_stdout(found, capsys):
    found += [FINE, BROKEN]
    assert main(["doctor", "--json"]) == 5
    content = json.loads(capsys.readouterr().out)
    assert list(faults(content, "doctor")) == []
    assert content["machine"]["cores"] >= 1
    assert content["checks"][1] == {
        "name": "kernel cache",
        "verdict": "fail",
        "found": "No folder.",
        "next_step": "export GRADCLINIC_CACHE_DIR=X",
    }


@pytest.mark.parametrize("width", [60, 80])
def test_lines_fit_and_commands_stay_whole(width):
    console = Console(width=width, record=True, highlight=False, quiet=False)
    with console.capture() as capture:
        doctor.show([FINE, SLOW, BROKEN], console)
    lines = capture.get().splitlines()
    assert max(map(len, lines)) <= width
    assert any("→ unset OPENBLAS_CORETYPE" in line for line in lines)


def test_brackets_in_a_command_are_not_markup():
    console = Console(width=80)
    step = 'pip install "numba-cuda[cu13]"'
    with console.capture() as capture:
        doctor.show([Check("GPU", "warn", "Idle.", step)], console)
    assert step in capture.get()


def test_compiling_ahead_needs_a_folder_to_keep_it_in(found, capsys, monkeypatch):
    monkeypatch.setattr(folder, "cache_folder", lambda: None)
    assert main(["doctor", "--warm"]) == 5
    out, err = capsys.readouterr()
    assert out == "" and "GRADCLINIC_CACHE_DIR" in err and err.count("\n") == 1
