"""Published thresholds from both sides, and scores counted by hand."""

import numpy as np
import pytest
from gradclinic.bench.statistics import DETECTORS

from .published import PUBLISHED, precision_recall

RULES = {(rule.tool, rule.symptom): rule for rule in PUBLISHED}
FIRST, LAST = "first_layer_gradient_rms", "last_layer_gradient_rms"


@pytest.mark.parametrize(
    ("tool", "symptom", "values", "expected"),
    [
        (
            "AutoTrainer",
            "overfitting",
            {"train_metric": [0.95, 0.95], "val_metric": [0.84, 0.86]},
            [True, False],
        ),
        (
            "AutoTrainer",
            "vanishing_gradient",
            {FIRST: [0.9e-3, 1.1e-3, 0.0], LAST: [1.0, 1.0, 0.0]},
            [True, False, False],
        ),
        (
            "AutoTrainer",
            "exploding_gradient",
            {FIRST: [71.0, 69.0, 1.0], LAST: [1.0, 1.0, 0.0]},
            [True, False, True],
        ),
        ("AutoTrainer", "dead_relu", {"dead_fraction": [0.7, 0.69]}, [True, False]),
        (
            "skore",
            "overfitting",
            # 10 % of .5 is above the floor of .03; 10 % of .1 is below it.
            {"train_metric": [0.56, 0.54, 0.14], "val_metric": [0.5, 0.5, 0.1]},
            [True, False, True],
        ),
        (
            "SageMaker Debugger",
            "overfitting",
            {"train_loss": [1.0, 1.0, 0.0], "val_loss": [1.11, 1.09, 1.0]},
            [True, False, True],
        ),
        (
            "SageMaker Debugger",
            "vanishing_gradient",
            {FIRST: [0.9e-7, 1.1e-7]},
            [True, False],
        ),
        (
            "SageMaker Debugger",
            "dead_relu",
            {"dead_fraction": [0.51, 0.5]},
            [True, False],
        ),
    ],
)
def test_a_published_rule_on_both_sides(tool, symptom, values, expected):
    assert RULES[tool, symptom].fires(values).tolist() == expected


def test_every_rule_stands_beside_a_detector():
    assert len(RULES) == len(PUBLISHED)
    assert {rule.symptom for rule in PUBLISHED} <= set(DETECTORS)


@pytest.mark.parametrize("rule", PUBLISHED, ids=lambda rule: rule.tool + rule.symptom)
def test_what_was_not_measured_does_not_fire(rule):
    names = ("train_loss", "val_loss", "train_metric", "val_metric", FIRST, LAST)
    unknown = {name: [np.nan, np.nan] for name in (*names, "dead_fraction")}
    assert rule.fires(unknown).tolist() == [False, False]
    assert not rule.fires({}).any()
    assert rule.fires({"train_metric": [1.0] * 3, "train_loss": [0.0] * 3}).sum() == 0


def test_precision_and_recall_by_hand():
    fired = [True, True, True, False, False, False]
    truth = [True, True, False, True, False, False]
    found = precision_recall(fired, truth)
    assert (found.precision, found.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (found.true_positives, found.false_positives, found.false_negatives) == (
        *(2, 1, 1),
    )


def test_nothing_fired_has_no_precision_and_nothing_ill_no_recall():
    silent = precision_recall([False, False], [True, False])
    assert (silent.precision, silent.recall) == (None, 0.0)
    healthy = precision_recall([True, False], [False, False])
    assert (healthy.precision, healthy.recall) == (0.0, None)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one length"):
        precision_recall([True], [True, False])
