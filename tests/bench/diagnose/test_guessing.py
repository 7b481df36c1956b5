"""Guessing as a measure: what it loses, and when a rise of the loss is material."""

from math import log

import numpy as np
import pytest
from gradclinic.bench.statistics import DETECTORS
from gradclinic.bench.studies.diagnose.encoding import Encoded
from gradclinic.bench.studies.diagnose.folds import Fold
from gradclinic.bench.studies.diagnose.guessing import guessing_loss, material


def fold(train, validation, classes, centre=0.0, spread=1.0):
    y = tuple(np.array(part, dtype=float) for part in (train, validation, [0]))
    return Fold(0, Encoded(y, y, centre, spread), classes)


def test_guessing_classes_loses_their_entropy():
    found = guessing_loss(fold([0, 0, 0, 1], [0, 1, 1, 1], 2))
    assert found == pytest.approx(-(log(0.75) + 3 * log(0.25)) / 4)


def test_a_class_that_was_never_seen_costs_much_but_not_everything():
    found = guessing_loss(fold([0, 0, 1, 1], [2, 2], 3))
    assert found == pytest.approx(-log(0.5 / 4))


def test_guessing_values_loses_their_variance():
    found = guessing_loss(fold([1, 3], [1, 3, 5], 0, centre=2.0, spread=2.0))
    assert found == pytest.approx((1 + 1 + 9) / 3 / 4)


def seen(val, best, accuracy, guess=0.7, runs=8):
    """Overfitting of runs with these ends; train loss .001, train accuracy 1."""
    rng = np.random.default_rng(0)

    def around(value):
        return value * np.exp(0.02 * rng.standard_normal(runs))

    values = {
        "train_loss": around(0.001),
        "val_loss": around(val),
        "best_val_loss": around(best),
        "train_metric": np.ones(runs),
        "val_metric": accuracy + 0.001 * rng.standard_normal(runs),
        "guessing_loss": np.full(runs, guess),
    }
    return material(DETECTORS["overfitting"](values), values, None), values


@pytest.mark.parametrize(
    ("val", "best", "accuracy", "fires", "refuted"),
    [
        (0.08, 0.04, 0.98, False, True),  # doubled, from nearly nothing
        (0.8, 0.4, 0.96, True, False),  # doubled, by more than half of guessing
        (0.08, 0.04, 0.90, True, False),  # ten of a hundred rows more are wrong
        (0.041, 0.04, 0.90, True, False),
        (0.041, 0.04, 0.98, False, True),  # no rise at all
    ],
)
def test_a_rise_counts_beside_what_guessing_loses(val, best, accuracy, fires, refuted):
    found, _ = seen(val, best, accuracy)
    assert (found.fires, found.refuted) == (fires, refuted)
    share = found.components[2]
    assert share.value == pytest.approx(100 * (val - best) / 0.7, rel=0.1, abs=0.2)


def test_without_runs_or_guess_the_detector_speaks_alone():
    _, values = seen(0.08, 0.04, 0.98)
    plain = DETECTORS["overfitting"](values)
    del values["guessing_loss"]
    assert material(plain, values, None) is plain


def test_runs_that_diverged_are_infinite_and_no_error():
    _, values = seen(0.8, 0.4, 0.96)
    values["val_loss"][0] = np.inf
    found = material(DETECTORS["overfitting"](values), values, None)
    assert found.components[2].value is not None
