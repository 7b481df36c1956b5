"""The audit of an optimizer study: silent on what is true, blind to no planted lie."""

import json
import shutil

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.studies.audit.__main__ import main as audit

CHOSEN = [word for name in ("sgd", "adam", "lion") for word in ("--optimizer", name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small study: three optimizers on one problem."""
    out = tmp_path_factory.mktemp("audited")
    small = ("--problem", "noisy_quadratic", "--trials", "6", "--seeds", "3", "--quick")
    assert main(["optimizers", *CHOSEN, *small, "--out", str(out)]) == 0
    return out


def main_one(content):
    """The comparison that is shown first."""
    about = content["main"].items()
    return next(c for c in content["comparisons"] if about <= c.items())


def swapped_places(content):
    ranks = main_one(content)["ranks"]
    ranks[0]["first"] += 1


def higher_score(content):
    main_one(content)["profile_score"][0][0] += 0.1


def cheaper(content):
    costs = main_one(content)["relative_costs"]
    costs[0][0] = 1.5 if costs[0][0] is None else 1.5 * costs[0][0]


def met_after_all(content):
    met = content["results"][0]["budgets"][-1]["met"]["value"]
    met[0] = not met[0]


def better_tuned(content):
    content["results"][0]["budgets"][-1]["tuned"] *= 0.9


def withheld(content):
    winner = content["results"][0]["budgets"][-1]
    winner["withheld"] = None if winner["withheld"] else "Its sweep beats it."


def all_may_be_best(content):
    comparison = main_one(content)
    everyone = list(range(len(content["optimizers"])))
    mine = comparison["best_group"]
    comparison["best_group"] = [] if mine == everyone else everyone


def certain_win(content):
    value = main_one(content)["improvement"]["value"]
    value[1][0] = 0.9 if value[1][0] < 0.5 else 0.1


def test_a_true_folder_has_nothing_to_list(folder, capsys):
    assert audit([str(folder)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("lie", "named"),
    [
        (swapped_places, "the place is said to be"),
        (higher_score, "scores are said to be"),
        (cheaper, "relative costs are said to be"),
        (met_after_all, "value is said to be met by"),
        (better_tuned, "tuned is said to be"),
        (withheld, "withheld"),
        (all_may_be_best, "be the best: first in"),
        (certain_win, "beats"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_lie_is_listed(lie, named, folder, tmp_path, capsys):
    copy = shutil.copytree(folder, tmp_path / "copy")
    path = copy / "optimizers.json"
    content = json.loads(path.read_text())
    lie(content)
    path.write_text(json.dumps(content))
    assert audit([str(copy)]) == 1
    assert named in capsys.readouterr().out
