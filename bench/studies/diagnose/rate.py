"""Is the learning rate, or the size, itself the trouble? Told by what does far better.

Source: Bengio (2012), Practical recommendations for gradient-based training of deep
architectures, section 3.
"""

from typing import NamedTuple

import numpy as np

from ...statistics.intervals import interval
from .checks import Finding
from .experiment import Experiment

LARGE, SMALL, CAPACITY = "GC202", "GC203", "GC207"
# Another setting is better where it gains so many points of accuracy, or of R², with a
# lower 95 % bound of half of them; by less than this factor a rate is no other rate.
_POINTS, _FACTOR = 2.0, 3.0


class Gain(NamedTuple):
    """Points of accuracy, or of R², on validation rows; low: the 95 % bound."""

    points: float
    low: float


def rate_finding(experiment: Experiment, overlap: float, muted) -> Finding | None:
    """The finding where the tuned rate is far better than the one asked for.

    overlap: validation / training rows.
    """
    dose = experiment.doses.get("learning_rate")
    if dose is None or 1 / _FACTOR < dose < _FACTOR:
        return None
    large = dose < 1
    code = LARGE if large else SMALL
    gain = _far_better(experiment, ("fix", "learning_rate"), overlap)
    if gain is None or code in muted:
        return None
    old, new = experiment.trial.lr, experiment.trials["learning_rate"].lr
    return Finding(
        code,
        "rate_too_large" if large else "rate_too_small",
        f"The learning rate is too {'large' if large else 'small'}",
        52 if large else 56,
        f"With {new:g} in the place of {old:g}, {_rises(experiment, gain)}",
        f"Train with {new:g}." if large else f"Train with {new:g}, or for longer.",
        numbers={"rate": old, "better": new, "points": gain.points},
    )


def capacity_finding(experiment: Experiment, overlap: float, muted) -> Finding | None:
    """The finding where doubled layers are far better than those asked for."""
    gain = _far_better(experiment, ("sweep", "wider_x2"), overlap)
    if gain is None or CAPACITY in muted:
        return None
    return Finding(
        CAPACITY,
        "underfitting",
        "The network is too small",
        55,
        f"With twice as many units a layer, {_rises(experiment, gain)}",
        "Give it more units, until more of them gain nothing.",
        numbers={"points": gain.points},
    )


def _rises(experiment, gain):
    what = "accuracy" if experiment.trial.loss == "cross_entropy" else "R²"
    return (
        f"{what} on validation rows rises by {gain.points:.1f} points ({gain.low:.1f}"
        " or more), and on training rows too."
    )


def _far_better(experiment, key, overlap) -> Gain | None:
    """The gain of other runs where it is large and sure, and training rows gain too.

    Without the latter the other setting only stops early.
    """
    runs, baseline = experiment.runs.get(key), experiment.baseline
    seeds = [s for s in runs or () if s in baseline]
    if runs is None or len(seeds) < 2:
        return None

    def gains(name):
        after, before = (
            np.array([_score(side[s].values.get(name)) for s in seeds])
            for side in (runs, baseline)
        )
        return interval(after - before, overlap)

    validation, training = gains("val_metric"), gains("train_metric")
    points, low = 100 * validation.value, 100 * validation.low
    sure = points > _POINTS and low > _POINTS / 2 and training.low > 0
    return Gain(points, low) if sure else None


def _score(value):
    """R² below 0 is no better than guessing."""
    return 0.0 if value is None or not np.isfinite(value) else max(0.0, float(value))
