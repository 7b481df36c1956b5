"""Troubles on purpose, sound trainings and other tools' rules, as they are declared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench.execution.domains import domain_auc
from gradclinic.bench.execution.network import network
from gradclinic.bench.execution.record import Run
from gradclinic.bench.statistics import DETECTORS
from gradclinic.bench.studies.audit.published_rules import RULES as AGAIN
from gradclinic.bench.studies.detectors import PUBLISHED_RULES
from gradclinic.bench.studies.detectors.cases import cases
from gradclinic.bench.studies.detectors.verdicts import OF_CURVES, OF_GROUPS
from gradclinic.bench.studies.detectors.watched_run import WatchedRun
from gradclinic.scenarios.data import load
from gradclinic.scenarios.severities import (
    PATIENTS,
    SCORED,
    SEVERITIES,
    TROUBLES,
    TWINS,
)

ALL = cases(tuple(SCORED), tuple(PATIENTS))


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_says_what_it_is(name):
    trouble = TROUBLES[name]
    assert trouble.name == name and trouble.cause.endswith(".")
    assert trouble.shows in DETECTORS and trouble.twin in TWINS
    assert {*trouble.may_show} <= {*DETECTORS} - {trouble.shows}
    assert {*trouble.patients} | {*trouble.absent} <= {*PATIENTS}
    assert not {*trouble.patients} & {*trouble.absent}
    assert all(
        why.endswith(".")
        for why in (*trouble.may_show.values(), *trouble.absent.values())
    )
    strengths = trouble.strengths
    assert list(strengths) == sorted(strengths, reverse=strengths[0] > strengths[-1])
    assert len(set(strengths)) == 3
    assert trouble.scored == (trouble.shows in (*OF_GROUPS, *OF_CURVES))


@pytest.mark.parametrize("name", PATIENTS)
def test_rows_of_real_data_stand_in_one_part_each(name):
    patient = PATIENTS[name]
    split = load(patient.trial.data, 0)
    assert split.redrawn is not patient.real
    assert (patient.overlap is None) is split.redrawn
    parts = [split.x_train, split.x_val, split.x_test]
    rows = np.concatenate(parts)
    assert len(np.unique(rows, axis=0)) == len(rows)
    assert patient.about.endswith(".") and patient.trial.target


def test_every_case_is_one_training_and_every_trouble_has_a_twin():
    names = [(case.patient.name, case.name) for case in ALL]
    assert len(set(names)) == len(names)
    sound = {(c.patient.name, c.twin) for c in ALL if c.trouble is None}
    for case in ALL:
        assert (case.patient.name, case.twin) in sound
        assert case.severity in (("healthy",) if not case.trouble else SEVERITIES)
        assert network(case.trial, load(case.trial.data, 3)).n_params > 0


def test_a_sweep_widens_every_hidden_layer():
    (case,) = (
        c for c in ALL if (c.patient.name, c.name) == ("digits", "underfitting.clear")
    )
    wider = case.wider((0, 1))
    assert {k: task.condition.trial.hidden for k, task in wider.items()} == {
        "wider_x2": (4,),
        "wider_x4": (8,),
    }
    assert {task.kind for task in wider.values()} == {"train"}


def case_of(patient, name):
    (case,) = (c for c in ALL if (c.patient.name, c.name) == (patient, name))
    return case


@pytest.mark.parametrize("patient", TROUBLES["class_imbalance"].patients)
@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_rare_class_has_one_row_for_so_many_of_each_other(patient, severity):
    trouble = TROUBLES["class_imbalance"]
    trial = case_of(patient, f"class_imbalance.{severity}").trial
    y = load(trial.data, 0).y_train[:, 0]
    counts = np.bincount(y.astype(int))
    ratio = trouble.strengths[SEVERITIES.index(severity)]
    others = (len(y) - counts.min()) / (len(counts) - 1)
    assert counts.min() == pytest.approx(others / ratio, abs=0.6)


@pytest.mark.parametrize("patient", TROUBLES["covariate_shift"].patients)
def test_rows_that_are_unlike_are_compared_with_a_training_on_such(patient):
    case = case_of(patient, "covariate_shift.clear")
    assert case_of(patient, "plain").new_rows((0, 1)) == {}
    ((name, task),) = case.new_rows((0, 1)).items()
    mine, new = load(case.trial.data, 0), load(task.condition.trial.data, 0)
    assert (name, task.kind) == ("new_rows", "train")
    assert domain_auc(mine.x_train, mine.x_val) > 0.9
    assert domain_auc(new.x_train, new.x_val) < 0.75
    np.testing.assert_array_equal(mine.y_val, new.y_val)


def watched(**changed):
    """A run of ten epochs that no rule may name."""
    falling = np.linspace(1.0, 0.3, 10).tolist()
    rising = np.linspace(0.5, 0.95, 10).tolist()
    curves = {
        "epoch": list(range(1, 11)),
        "train_loss": falling,
        "val_loss": [1.02 * loss for loss in falling],
        "train_metric": rising,
        "val_metric": rising,
        "first_gradient_norm": [0.1] * 10,
        "last_gradient_norm": [0.1] * 10,
        "first_gradient_rms": [0.01] * 10,
        "dead_units": [0.1] * 10,
    }
    values = {
        "train_loss": 0.3,
        "test_loss": 0.31,
        "train_metric": 0.95,
        "test_metric": 0.95,
        "train_guess_loss": 1.4,
        "test_guess_loss": 1.4,
        "train_guess_metric": 0.3,
        "test_guess_metric": 0.3,
        "zero_gradients": 0.0,
    }
    trial = {"loss": "cross_entropy", "epochs": 10}
    values |= changed.pop("after", {})
    for name, value in changed.items():
        (trial if name in trial else curves)[name] = value
    return Run("k", "s", "f", "healthy", 0, trial=trial, values=values, curves=curves)


def row(run):
    """A run as the audit reads it."""
    return pd.Series(vars(run))


FLAT = {"train_metric": [0.3] * 10, "val_metric": [0.3] * 10}
SPOKEN = [
    ("AutoTrainer", "overfitting", {"val_metric": [0.4] * 10}, 3),
    ("AutoTrainer", "slow_training", FLAT, 3),
    ("AutoTrainer", "divergence", {"val_loss": [1.0] * 4 + [2e5] * 6}, 5),
    (
        "AutoTrainer",
        "vanishing_gradient",
        FLAT | {"first_gradient_norm": [9e-5] * 10, "last_gradient_norm": [1.0] * 10},
        3,
    ),
    (
        "AutoTrainer",
        "exploding_gradient",
        FLAT | {"first_gradient_norm": [7.1] * 10},
        3,
    ),
    ("AutoTrainer", "dead_relu", FLAT | {"after": {"zero_gradients": 0.7}}, 10),
    ("skore", "overfitting", {"after": {"test_loss": 0.4, "test_metric": 0.8}}, 10),
    (
        "skore",
        "underfitting",
        {
            "after": {
                "train_loss": 1.38,
                "test_loss": 1.39,
                "train_metric": 0.305,
                "test_metric": 0.3,
            }
        },
        10,
    ),
    ("SageMaker Debugger", "overfitting", {"val_loss": [1.2] * 10}, 1),
    ("SageMaker Debugger", "divergence", {"train_loss": [1.0] * 5 + [None] * 5}, 6),
    (
        "SageMaker Debugger",
        "vanishing_gradient",
        {"first_gradient_rms": [9e-8] * 10},
        1,
    ),
    ("SageMaker Debugger", "dead_relu", {"dead_units": [0.2] * 9 + [0.51]}, 10),
]


def test_every_rule_of_others_is_cited_and_applied_twice():
    keys = [(rule.maker, rule.detector) for rule in PUBLISHED_RULES]
    assert len(set(keys)) == len(keys) and {*keys} == {*AGAIN}
    for rule in PUBLISHED_RULES:
        assert rule.rule.endswith(".") and rule.source and rule.detector in DETECTORS
    # The last one needs more than ten epochs.
    assert {(m, d) for m, d, _, _ in SPOKEN} == {*keys} - {
        ("SageMaker Debugger", "slow_training")
    }


@pytest.mark.parametrize(("maker", "detector", "changed", "epoch"), SPOKEN)
def test_a_rule_speaks_from_its_epoch_on_and_else_is_silent(
    maker, detector, changed, epoch
):
    key = maker, detector
    (rule,) = (r for r in PUBLISHED_RULES if (r.maker, r.detector) == key)
    for run, expected in ((watched(), None), (watched(**changed), epoch)):
        assert rule.first_epoch(WatchedRun(run)) == expected
        with np.errstate(all="ignore"):
            assert bool(AGAIN[key](row(run))) is (expected is not None)


@pytest.mark.parametrize(("last", "epoch"), [(0.999, None), (0.9995, 12)])
def test_a_loss_that_does_not_fall_in_ten_evaluations_is_slow(last, epoch):
    run = watched()
    loss = [1.0, 1.0, *[0.5] * 9, last]
    run = replace(run, curves=run.curves | {"train_loss": loss})
    (rule,) = (
        r
        for r in PUBLISHED_RULES
        if (r.maker, r.detector) == ("SageMaker Debugger", "slow_training")
    )
    found = np.flatnonzero(rule.alarms(_Long(run)))
    assert (found[0] + 1 if found.size else None) == epoch
    assert bool(AGAIN[rule.maker, rule.detector](row(run))) is (epoch is not None)


class _Long(WatchedRun):
    @property
    def epochs(self):
        return len(self._curves["train_loss"])


def test_rules_on_accuracies_are_silent_on_numbers():
    run = watched(loss="mse", **FLAT, val_loss=[1.01] * 10, train_loss=[1.0] * 10)
    spoken = {
        rule.detector
        for rule in PUBLISHED_RULES
        if rule.maker == "AutoTrainer" and rule.first_epoch(WatchedRun(run))
    }
    assert spoken == set()
