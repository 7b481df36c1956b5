"""Passes predicted from eigenvalues are those that training takes."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
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
