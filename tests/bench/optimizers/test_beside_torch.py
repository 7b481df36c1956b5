"""Tuning beside another library, with stand-ins in the place of the other library."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.execution.population import trained
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.optimizers import beside_torch as module
from gradclinic.bench.studies.optimizers.beside_torch import compared, said, within

HERE = Path(module.__file__).parents[2]


@pytest.fixture(scope="module")
def settings():
    from gradclinic.bench.studies.optimizers.settings import StudySettings
    from gradclinic.scenarios.problems import PROBLEMS

    wine = PROBLEMS["wine"]
    wine = replace(wine, trial=replace(wine.trial, epochs=12))
    return StudySettings(
        (registered("adam"),),
        (wine,),
        budgets=(1, 9),
        confirm=(2, 3),
        decide=(2, 3),
        seeds=9,
    )


def on_other_seeds(problem, entrant, role, jobs, threads):
    """The same library again, with other luck."""
    moved = {key: (options, seed + 7777) for key, (options, seed) in jobs.items()}
    return trained(problem, entrant, role, moved, threads)


def slower(problem, entrant, role, jobs, threads):
    """A library whose rule is wrong: its steps shrink with the parameters' decay."""
    frozen = {
        key: (options | {"lr": min(options["lr"], 1e-4)}, seed)
        for key, (options, seed) in jobs.items()
    }
    return trained(problem, entrant, role, frozen, threads)


def row_of(settings, theirs):
    return compared(settings.problems[0], settings.entrants[0], settings, theirs)


def test_the_same_library_with_other_luck_is_the_same(settings):
    row = row_of(settings, on_other_seeds)
    assert row["same"] and row["p"] > 0.01
    assert row["ours"]["settled"] != row["theirs"]["settled"]
    assert len(row["theirs"]["settled"]) == settings.seeds
    assert row["medians"][0] == np.median(row["ours"]["settled"])
    assert "adam on wine" in said(row) and "NOT" not in said(row)


def test_a_library_that_trains_worse_is_not_the_same(settings):
    row = row_of(settings, slower)
    assert not row["same"] and "NOT the same" in said(row)
    assert row["medians"][1] > row["medians"][0] and row["p"] < 0.01


def test_both_sides_are_offered_the_same_draws(settings):
    asked = []

    def watched(problem, entrant, role, jobs, threads):
        asked.append((role, [options for options, _ in jobs.values()]))
        return trained(problem, entrant, role, jobs, threads)

    row = row_of(settings, watched)
    assert row["ours"] == row["theirs"]
    assert [role for role, _ in asked[:2]] == ["trial", "confirm"]
    assert len(asked[0][1]) == 6 and asked[-1][0] == "fresh"


def test_within_a_spread():
    assert within(2.0, [1.0, 3.0]) and within(1.0, [1.0, 3.0])
    assert not within(3.1, [1.0, 3.0]) and not within(0.9, [1.0, 3.0])


def test_the_stored_result_is_what_the_procedure_says():
    content = json.loads((HERE / "results" / "torch-tuned.json").read_text())
    assert list(faults(content, "torch_tuned")) == []
    pairs = [(row["optimizer"], row["problem"]) for row in content["rows"]]
    assert sorted(pairs) == sorted(
        (rule, task) for rule in module.RULES for task in module.TASKS
    )
    assert content["trials"] == module.TRIALS
    for row in content["rows"]:
        ours, theirs = (row[side]["settled"] for side in ("ours", "theirs"))
        assert len(ours) == len(theirs) == content["seeds"]
        assert row["medians"] == [np.median(ours), np.median(theirs)]
        assert row["same"] == (
            within(np.median(ours), theirs) and within(np.median(theirs), ours)
        )


@pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra peers")
def test_pytorch_trains_as_ours_does(settings):
    from gradclinic.bench.studies.optimizers.torch_training import torch_trained

    problem, entrant = settings.problems[0], settings.entrants[0]
    options = dict(entrant.optimizer.defaults) | {"lr": 0.02}
    jobs = {str(seed): (options, seed) for seed in range(9)}
    ours = [r.values["best"] for r in trained(problem, entrant, "fresh", jobs, 1)]
    theirs = torch_trained("Adam", problem, entrant, "fresh", jobs, 1)
    bests = [r.values["best"] for r in theirs]
    assert within(float(np.median(ours)), bests)
    assert all(len(run.curves["val_loss"]) == 12 for run in theirs)
