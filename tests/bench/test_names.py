"""Names: `list` prints what `run` takes, and a shell completes them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from gradclinic.bench import completion
from gradclinic.bench.catalogue import pages, parts_in, scenarios_of
from gradclinic.bench.commands import cli, main
from gradclinic.bench.errors import UsageError
from gradclinic.bench.studies.profile.cases import CASES
from gradclinic.kernels import OPTIMIZERS
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.problems import PROBLEMS

QUESTIONS = [q.name for s in SCENARIOS.values() for q in (s, *s.parts)]
PARTS = [name for name in QUESTIONS if name not in SCENARIOS]


def completions(typed):
    """What click completes after a line; its last word is not finished."""
    *before, last = typed.split(" ")
    shell = ShellComplete(cli, {}, "gradclinic", "_GRADCLINIC_COMPLETE")
    return [item.value for item in shell.get_completions(before, last)]


def test_every_name_that_list_prints_can_be_run(capsys):
    assert main(["list"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert set(QUESTIONS) <= set(printed)
    assert list(pages()) == QUESTIONS
    for name in QUESTIONS:
        assert scenarios_of([name]) == (name.partition(".")[0],)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_the_scenario_whose_page_it_is_on(part):
    whole = part.partition(".")[0]
    assert scenarios_of([part, whole, part]) == (whole,)
    assert list(parts_in([part, whole])) == [
        f"{part} is on the page of {whole}, which is run whole."
    ]


def test_a_name_that_is_none_has_a_nearest_one():
    with pytest.raises(UsageError, match=r"did you mean underfitting\.digits"):
        scenarios_of(["underfitting.digit"])


@pytest.mark.parametrize("name", QUESTIONS)
def test_list_shows_one_scenario_or_part_alone(name, capsys):
    assert main(["list", name, "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["kind"], entry["name"]) == ("scenario", name)
    assert main(["list", name]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{name}\n") and f"gradclinic run {name}" in text
    assert all(fix["label"] in text for fix in entry["fixes"])


def test_list_shows_all_that_has_a_name(capsys):
    """A fix in every scenario that tries it, and what else is called the same."""
    assert main(["list", "dropout", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    kinds = [(entry["kind"], entry.get("scenario")) for entry in found]
    assert ("fix", "overfitting") in kinds and ("control", "slow_training") in kinds
    assert ("layer", None) in kinds


def test_list_says_what_is_known_of_an_optimizer(capsys):
    assert main(["list", "adamw"]) == 0
    text = capsys.readouterr().out
    adamw = OPTIMIZERS["adamw"]
    assert text.startswith("adamw, an optimizer\n") and adamw.source in text
    assert f"lr={adamw.defaults['lr']}" in text


def test_list_of_a_name_that_is_none_says_the_nearest(capsys):
    assert main(["list", "dropuot"]) == 2
    assert "did you mean dropout?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", cli.list_commands(None)),
        ("re", ["report"]),
        ("run under", ["underfitting", "underfitting.digits"]),
        ("run overfitting under", ["underfitting", "underfitting.digits"]),
        ("run --quick memory_pressure.d", ["memory_pressure.data"]),
        ("run zz", []),
        ("run --device c", ["cpu", "cuda"]),
        ("run --fail-on un", ["uncured"]),
        ("list stream", ["streaming"]),
        ("list adamw", ["adamw"]),
        ("optimizers --optimizer adamw", ["adamw"]),
        ("optimizers --problem wi", ["wine"]),
        ("profile --case 64", [name for name in sorted(CASES) if name[:2] == "64"]),
        ("nothing ", cli.list_commands(None)),
    ],
)
def test_a_shell_completes_names(typed, offered):
    assert completions(typed) == offered


def test_names_for_the_shell_are_those_there_are():
    assert set(completion.optimizers()) == set(OPTIMIZERS)
    assert set(completion.problems()) == set(PROBLEMS)
    assert set(completion.questions()) == set(QUESTIONS)


def test_a_file_of_ones_own_is_completed_as_a_file():
    shell = ShellComplete(cli, {}, "gradclinic", "_GRADCLINIC_COMPLETE")
    (item,) = shell.get_completions(["optimizers", "--optimizer"], "./mine")
    assert (item.type, item.value) == ("file", "./mine")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_of_the_readme_switch_completion_on(shell):
    """The program prints a script for each shell that README.md names."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert f"_GRADCLINIC_COMPLETE={shell}_source gradclinic" in readme
    done = complete(f"{shell}_source")
    if shell == "bash" and "version" in done.stderr.lower():
        pytest.skip("this bash is too old for click")
    assert done.returncode == 0 and f"{shell}_complete" in done.stdout


def test_bash_gets_the_names_from_the_program():
    done = complete(
        "bash_complete", COMP_WORDS="gradclinic run underfitting.", COMP_CWORD="2"
    )
    assert done.stdout.split() == ["plain,underfitting.digits"]


def complete(instruction, **settings):
    script = "import sys; from gradclinic.bench.commands import main; sys.exit(main())"
    asked = {"_GRADCLINIC_COMPLETE": instruction} | settings
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | asked,
    )


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_a_bash_completes_after_the_line_of_the_readme(tmp_path):
    """The whole way: source the script, ask for what TAB would, read the reply."""
    program = tmp_path / "gradclinic"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "from gradclinic.bench.commands import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    script = (
        'eval "$(_GRADCLINIC_COMPLETE=bash_source gradclinic)"\n'
        "COMP_WORDS=(gradclinic run memory_pressure.d); COMP_CWORD=2\n"
        "_gradclinic_completion gradclinic\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
    )
    assert done.stdout.split() == ["memory_pressure.data"], done.stderr
