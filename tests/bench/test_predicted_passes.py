"""Passes predicted from eigenvalues are those that training takes."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies.evidence import BASELINE, Evidence
from gradclinic.bench.studies.exhibits.predicted_passes import (
    exhibit,
    predicted_passes,
)
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data import load

from .made_runs import a_question, baseline, evidence_of

MAIN = SCENARIOS["ill_conditioning"]


@pytest.mark.parametrize("fix", [None, "whiten"])
@pytest.mark.parametrize("question", (MAIN, MAIN.parts[0]), ids=lambda q: q.name)
def test_training_takes_as_many_passes_as_predicted(question, fix):
    trial = question.baseline
    if fix:
        (chosen,) = (f for f in question.fixes if f.name == fix)
        trial = chosen.treated(trial, 0.05)
    task = Task(Condition(question.name, "f", "fix", trial), (0, 1), "train")
    for run in run_training(task, 1):
        passes, ratio = predicted_passes(trial, load(trial.data, run.seed), run.seed)
        assert run.values["evaluations_to_target"] == pytest.approx(passes, abs=1)
        assert ratio < 3 if fix else ratio > 1e4


def test_a_target_that_is_not_reached_is_infinitely_far():
    trial = replace(MAIN.baseline, epochs=3)
    assert predicted_passes(trial, load(trial.data, 0), 0)[0] == np.inf


def test_other_scenarios_have_no_such_table():
    assert exhibit(evidence_of(a_question("overfitting"), baseline())) == ([], [])


def test_what_was_predicted_stands_before_what_was_measured():
    trial, runs = MAIN.baseline, {}
    for seed in (0, 1):
        passes, _ = predicted_passes(trial, load(trial.data, seed), seed)
        condition = Condition(MAIN.name, BASELINE, BASELINE, trial)
        values = {"evaluations_to_target": passes + 2}
        runs[seed] = Task(condition, (seed,), "train").run(seed, values=values)
    (table,), plots = exhibit(Evidence(MAIN, {(BASELINE, BASELINE): runs}))
    (row,) = table["rows"]
    assert plots == [] and row[0] == "Baseline" and row[1] > 1e4
    assert float(row[3]) - float(row[2]) == 2 and row[4] == "2"


@pytest.mark.parametrize(
    "change",
    [{"l2": 0.1}, {"l1": 0.1}, {"batch_size": 8}, {"loss": "huber"}],
    ids=str,
)
def test_what_is_no_quadratic_is_not_predicted(change):
    trial = replace(MAIN.baseline, **change)
    condition = Condition(MAIN.name, BASELINE, BASELINE, trial)
    runs = {0: Task(condition, (0,), "train").run(0, values={})}
    other = replace(MAIN, baseline=trial)
    assert exhibit(Evidence(other, {(BASELINE, BASELINE): runs})) == ([], [])
