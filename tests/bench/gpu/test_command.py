"""The command and the script that measure a GPU, where there is none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gradclinic.bench.studies.gpu.__main__ import main
from gradclinic.kernels.driver import absence

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "bench" / "gpu.sh"
COMMAND = [sys.executable, "-m", "gradclinic.bench.studies.gpu"]
ABSENT = absence()
without_gpu = pytest.mark.skipif(ABSENT is None, reason="there is a GPU")


def run(*command):
    around = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    around["PYTHON"] = sys.executable
    return subprocess.run(command, capture_output=True, text=True, env=around)


@without_gpu
@pytest.mark.parametrize("options", [["--check"], ["{out}"]])
def test_without_a_gpu_the_command_exits_5_with_a_sentence(options, tmp_path):
    out = tmp_path / "gpu.json"
    done = run(*COMMAND, *(option.format(out=out) for option in options))
    assert (done.returncode, done.stdout, done.stderr) == (5, "", f"{ABSENT}\n")
    assert not out.exists()


@without_gpu
def test_without_a_gpu_the_script_exits_5_with_a_sentence(tmp_path):
    out = tmp_path / "gpu.json"
    done = run(str(SCRIPT), str(out))
    assert (done.returncode, done.stdout, done.stderr) == (5, "", f"{ABSENT}\n")
    assert not out.exists()


def test_a_python_without_the_packages_is_named(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no module named click' >&2\nexit 1\n")
    python.chmod(0o755)
    around = {**os.environ, "PYTHON": str(python)}
    done = subprocess.run([SCRIPT], capture_output=True, text=True, env=around)
    assert done.returncode == 5
    assert done.stderr == f"{python} cannot measure: no module named click\n"


FAKE = """#!/usr/bin/env bash
echo "$*" >> "$CALLED"
case "$*" in
  '-c import pytest') exit "$NO_PYTEST" ;;
  -c*) ;;
  *--check) echo "$CHECK_SAYS" >&2; exit "$CHECK_END" ;;
  '-m pytest'*) echo "tests/test_a.py::test_one PASSED [100%]"; exit "$TESTS_END" ;;
  *studies.gpu*--tests*) cp "$5" "$LOG" ;;
  *studies.gpu*) echo '{}' > "$3"; exit "$END" ;;
esac
"""
NAMES = ("CHECK_END", "NO_PYTEST", "END", "TESTS_END")


@pytest.fixture
def script(tmp_path):
    """f(...): (exit code, what was said, calls of Python, the log that was read)."""
    python, called, log = (tmp_path / name for name in ("python", "called", "log"))
    python.write_text(FAKE)
    python.chmod(0o755)
    out = tmp_path / "gpu.json"

    def run(**given):
        ends = {name: str(given.get(name.lower(), 0)) for name in NAMES}
        around = {"PYTHON": python, "CALLED": called, "LOG": log, "CHECK_SAYS": "It."}
        done = subprocess.run(
            [SCRIPT, out],
            capture_output=True,
            text=True,
            env={**os.environ, **around, **ends},
        )
        read = log.read_text() if log.exists() else None
        calls = [
            line.replace(str(out), "OUT") for line in called.read_text().split("\n")
        ]
        return done.returncode, done.stderr, calls[:-1], read

    return run


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ({}, 0),
        ({"tests_end": 1}, 1),
        ({"tests_end": 124}, 1),
        ({"end": 124}, 0),
        ({"end": 137, "tests_end": 1}, 1),
    ],
    ids=["fine", "a test failed", "tests cut off", "cut off", "killed, and a failure"],
)
def test_the_script_tries_measures_and_tests_in_this_order(script, ends, expected):
    """By a Python that only notes what it is asked to do."""
    code, said, calls, read = script(**ends)
    assert code == expected, said
    module = "-m gradclinic.bench.studies.gpu"
    asked = [call for call in calls if call.startswith("-m")]
    assert asked[0] == f"{module} --check"
    measured, seconds = asked[1].rsplit(" ", 1)
    assert measured == f"{module} OUT --seconds" and 300 <= int(seconds) < 400
    assert asked[2].startswith("-m pytest") and "tests/cuda" in asked[2]
    assert asked[3].startswith(f"{module} OUT --tests ") and len(asked) == 4
    assert "PASSED" in read


def test_without_pytest_there_is_the_measurement(script):
    code, said, calls, read = script(no_pytest=1)
    assert code == 0 and "has no pytest" in said and read is None
    assert calls[-2].startswith("-m gradclinic.bench.studies.gpu OUT")
    assert not [call for call in calls if "-m pytest" in call]


@pytest.mark.parametrize(
    ("ends", "asked", "words"),
    [
        ({"check_end": 5}, 1, "It."),
        ({"check_end": 124}, 1, "does not run on the GPU within 60 s"),
        ({"end": 5}, 2, ""),
    ],
)
def test_a_gpu_that_fails_ends_it_with_5(script, ends, asked, words):
    code, said, calls, _ = script(**ends)
    assert code == 5 and words in said
    assert len([call for call in calls if call.startswith("-m")]) == asked


# What a machine with a GPU may lack: no part of the measurement may import it.
LACKED = (
    "click",
    "rich",
    "pytest",
    "hypothesis",
    "pandas",
    "matplotlib",
    "jinja2",
    "sklearn",
    "joblib",
    "jsonschema",
)
IMPORTS = """
import importlib, pkgutil, sys
sys.modules.update(dict.fromkeys(sys.argv[1].split(",")))
import gradclinic.bench.studies.gpu as study
import gradclinic.bench.measurement.gpu_peers.worker
from gradclinic.kernels.cuda.jit import all_kernels
assert all_kernels()
for info in pkgutil.iter_modules(study.__path__, study.__name__ + "."):
    importlib.import_module(info.name)
from gradclinic.bench.studies.gpu.__main__ import main
main(["--check"])
"""


def test_the_measurement_imports_nothing_that_the_machine_may_lack():
    """And tries a kernel, in the simulator."""
    around = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    command = [sys.executable, "-c", IMPORTS, ",".join(LACKED)]
    done = subprocess.run(command, capture_output=True, text=True, env=around)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "OUT is missing: the JSON file to write"),
        (["{out}", "--seconds", "0"], "0 is not a time of at least 1 s"),
        (["{out}", "--second", "9"], "unrecognized arguments: --second 9"),
    ],
)
def test_a_wrong_command_line_is_said(options, words, tmp_path):
    done = run(*COMMAND, *(each.format(out=tmp_path / "a") for each in options))
    assert done.returncode == 2 and words in done.stderr


def test_the_counts_of_tests_are_put_into_what_was_measured(tmp_path):
    out, log = tmp_path / "gpu.json", tmp_path / "log"
    out.write_text('{"left_out": ["a"], "kernels": [1]}')
    log.write_text("tests/test_a.py::test_one PASSED [100%]\n")
    main([str(out), "--tests", str(log)])
    content = json.loads(out.read_text())
    assert content["kernels"] == [1] and content["tests"]["passed"] == 1
    assert content["left_out"] == ["a", "tests: they were cut off."]


def test_the_script_is_sound():
    assert subprocess.run(["bash", "-n", SCRIPT]).returncode == 0
    assert "set -euo pipefail" in SCRIPT.read_text()
    assert os.access(SCRIPT, os.X_OK)
