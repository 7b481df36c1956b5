"""How targets are made, and the file that keeps them."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.store import Store
from gradclinic.bench.studies.optimizers.make_targets import (
    as_toml,
    shortened,
    target_row,
)
from gradclinic.bench.studies.optimizers.search import best_of, search
from gradclinic.bench.studies.optimizers.targets import (
    FILE,
    targets_file,
    task_of,
)
from gradclinic.scenarios.problems import PROBLEMS


def test_the_file_is_what_the_maker_writes():
    content = dict(targets_file())
    rows = content.pop("problems")
    assert tomllib.loads(as_toml(content, rows)) == targets_file()
    assert as_toml(content, rows) == FILE.read_text()
    assert list(rows) == list(PROBLEMS)


def test_a_target_is_the_median_best_of_the_best_baseline(small, tmp_path):
    problem, settings = small.problems[0], replace(small, budgets=(4,), seeds=5)
    with Store(tmp_path / "runs") as store:
        row = target_row(problem, settings, store)
        known = {run.key: run for run in store.runs(problem.name)}
        medians = {}
        for entrant in settings.entrants:
            found = search(shortened(problem), entrant, settings, None, known, store)
            bests = [best_of(run) for run in found.winners[-1].runs]
            medians[entrant.name] = float(np.median(bests))
    assert row["medians"] == pytest.approx(medians, rel=1e-5)
    assert row["target"] == pytest.approx(min(medians.values()), rel=1e-5)
    assert row["easy"] >= max(row["medians"].values())
    assert row["best"] == min(medians, key=medians.__getitem__)


def test_baselines_get_half_of_the_budget():
    wine = PROBLEMS["wine"]
    assert shortened(wine).trial.epochs == wine.trial.epochs / 2
    assert shortened(wine).trial.data == wine.trial.data


def test_a_target_belongs_to_its_task():
    wine = PROBLEMS["wine"]
    longer = replace(wine, trial=replace(wine.trial, epochs=wine.trial.epochs + 1))
    assert task_of(longer) != task_of(wine)
