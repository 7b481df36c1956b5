"""`gradclinic optimizers`: what it takes, writes and prints."""

import json
import shlex
from pathlib import Path

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.studies.optimizers.choice import StudyOptions, is_file
from gradclinic.kernels import OPTIMIZERS
from gradclinic.scenarios.problems import PROBLEMS

OWN = """
from gradclinic.kernels import Optimizer

def update(p, g, state, hyper, step, layout):
    lr = p.dtype.type(hyper[0])
    for i in range(p.size):
        p[i] -= lr * g[i]

OPTIMIZER = Optimizer("mine", update, 0, "me, 2026", {"lr": 0.1})
"""
SMALL = ("--problem", "noisy_quadratic", "--trials", "3", "--seeds", "2", "--quick")


def untimed(results):
    """The results without seconds, which are measured anew by every command."""
    for row in results:
        for winner in row["budgets"]:
            winner["curve"]["per_pass"].pop("seconds")
            for costs in winner["costs"].values():
                costs.pop("seconds")
    return results


def test_a_file_of_ones_own_stands_beside_the_others(tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    out = tmp_path / "out"
    chosen = ("--optimizer", "sgd", "--optimizer", str(path), "--out", str(out))
    assert main(["optimizers", *chosen, *SMALL]) == 0
    printed = capsys.readouterr().out
    assert "mine" in printed and "training runs" in printed
    content = json.loads((out / "optimizers.json").read_text())
    names = [optimizer["name"] for optimizer in content["optimizers"]]
    assert names == ["sgd", "mine"]
    assert content["optimizers"][1]["gate"]["deterministic"]
    assert content["command"].startswith("gradclinic optimizers --optimizer sgd")
    assert main(["optimizers", *chosen, *SMALL, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["training_runs"]["trained"] == 0
    assert untimed(again["results"]) == untimed(content["results"])
    assert not list(path.parent.glob("__pycache__"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--optimizer", "adamm"], 2, "did you mean adam"),
        (["--problem", "wines"], 2, "did you mean wine"),
        (["--optimizer", "absent.py"], 4, "There is no file absent.py"),
        (["--trials", "0"], 2, "'--trials'"),
        (["--budget", "8"], 2, "--budget is a time in seconds"),
        (["--budget", "8"], 2, "--trials 8?"),
    ],
)
def test_wrong_usage_is_one_sentence(arguments, code, words, tmp_path, capsys):
    assert main(["optimizers", "--out", str(tmp_path), *arguments]) == code
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_the_defaults_are_all_optimizers_on_all_problems():
    settings = StudyOptions().settings()
    assert [entrant.name for entrant in settings.entrants] == list(OPTIMIZERS)
    assert [problem.name for problem in settings.problems] == list(PROBLEMS)
    assert (settings.budgets, settings.seeds) == ((1, 25, 50), 10)
    quick = StudyOptions(quick=True).settings()
    assert (len(quick.problems), quick.budgets, quick.seeds) == (3, (1, 25), 5)
    assert StudyOptions(budget=30).settings().budgets == (1, 25, 30)
    assert StudyOptions(budget=1).settings().budgets == (1,)


def test_the_command_of_a_study_is_the_one_that_made_it():
    options = StudyOptions(("sgd",), ("wine",), budget=8, seed=3, quick=True)
    said = "gradclinic optimizers --optimizer sgd --problem wine --quick"
    assert options.command == f"{said} --trials 8 --seed 3"
    files = StudyOptions(("./my rule.py",), threads=1, out=Path("o'clock"))
    words = ["--optimizer", "./my rule.py", "--threads", "1", "--out", "o'clock"]
    assert shlex.split(files.command) == ["gradclinic", "optimizers", *words]


def test_files_are_told_from_names():
    assert is_file("mine.py") and is_file("./mine") and not is_file("adamw")
