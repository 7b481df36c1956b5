"""How targets are made, and the file that keeps them."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.store import Store
from gradclinic.bench.studies.optimizers.make_targets import (
    BASELINES,
    FROZEN,
    as_toml,
    shortened,
    target_row,
)
from gradclinic.bench.studies.optimizers.search import search
from gradclinic.bench.studies.optimizers.settings import BUDGETS, QUICK_BUDGETS
from gradclinic.bench.studies.optimizers.targets import (
    FILE,
    frozen_budget,
    target_of,
    targets_file,
    task_of,
)
from gradclinic.bench.studies.optimizers.tuning import settled_of
from gradclinic.scenarios.problems import PROBLEMS


def test_the_file_is_what_the_maker_writes():
    content = dict(targets_file())
    rows = content.pop("problems")
    assert tomllib.loads(as_toml(content, rows)) == targets_file()
    assert as_toml(content, rows) == FILE.read_text()
    assert list(rows) == list(PROBLEMS)


def test_a_target_is_what_the_best_baseline_of_its_budget_ends_at(small, tmp_path):
    problem = small.problems[0]
    settings = replace(small, budgets=(1, 4), seeds=5, sweep=0)
    with Store(tmp_path / "runs") as store:
        row = target_row(problem, settings, store)
        known = {run.key: run for run in store.runs(problem.name)}
        for place, budget in enumerate(("1", "4")):
            medians = {}
            for entrant in settings.entrants:
                found = search(shortened(problem), entrant, settings, known, store)
                ends = [settled_of(run) for run in found.winners[place].runs]
                medians[entrant.name] = float(np.median(ends))
            assert row["medians"][budget] == pytest.approx(medians, rel=1e-5)
            assert row["targets"][budget] == pytest.approx(min(medians.values()), 1e-5)
            assert row["best"][budget] == min(medians, key=medians.__getitem__)
    assert row["easy"] >= max(row["medians"]["4"].values())


def test_every_budget_that_the_command_offers_has_its_own_targets():
    assert set(FROZEN) == {*BUDGETS, *QUICK_BUDGETS} == set(targets_file()["budgets"])
    assert targets_file()["baselines"] == list(BASELINES)
    for row in targets_file()["problems"].values():
        assert list(row["targets"]) == list(row["medians"]) == list(map(str, FROZEN))
        for budget, medians in row["medians"].items():
            assert row["targets"][budget] == min(medians.values())


def test_another_budget_has_the_targets_of_the_next_smaller_one():
    assert [frozen_budget(k) for k in (1, 2, 24, 25, 49, 50, 500)] == [
        1,
        1,
        1,
        25,
        25,
        50,
        50,
    ]
    assert target_of("wine", 30) == target_of("wine", 25)
    assert target_of("wine", 50).easy == target_of("wine", 1).easy


def test_baselines_get_half_of_the_budget():
    wine = PROBLEMS["wine"]
    assert shortened(wine).trial.epochs == wine.trial.epochs / 2
    assert shortened(wine).trial.data == wine.trial.data


def test_a_target_belongs_to_its_task():
    wine = PROBLEMS["wine"]
    longer = replace(wine, trial=replace(wine.trial, epochs=wine.trial.epochs + 1))
    assert task_of(longer) != task_of(wine)
