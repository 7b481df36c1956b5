"""Is the learning rate itself the trouble? Told by a rate that trains far better."""

import numpy as np

from ...statistics.intervals import interval
from .checks import Finding
from .experiment import Experiment

LARGE, SMALL = "GC202", "GC203"
# A rate is a trouble where another gains so many points of accuracy, or of R²; by
# another factor than this it is no other rate.
_POINTS, _FACTOR = 2.0, 3.0


def rate_finding(experiment: Experiment, overlap: float, muted) -> Finding | None:
    """The finding where the tuned rate beats the one asked for by over 2 points.

    On validation rows of the judging folds; the lower 95 % bound must be above 1 point,
    and training rows must be learnt better too: else the rate only stops early.
    overlap: validation / training rows. Source: Bengio (2012), Practical
    recommendations for gradient-based training, section 3.1.
    """
    dose = experiment.doses.get("learning_rate")
    if dose is None or 1 / _FACTOR < dose < _FACTOR:
        return None
    runs = experiment.runs["fix", "learning_rate"]
    gains = [
        _points(runs, experiment.baseline, f"{p}_metric") for p in ("val", "train")
    ]
    if any(g is None for g in gains):
        return None
    on_validation, on_training = (interval(g, overlap) for g in gains)
    points, low = 100 * on_validation.value, 100 * on_validation.low
    if not (points > _POINTS and low > _POINTS / 2 and on_training.low > 0):
        return None
    large = dose < 1
    code = LARGE if large else SMALL
    if code in muted:
        return None
    old, new = experiment.trial.lr, experiment.trials["learning_rate"].lr
    what = "accuracy" if experiment.trial.loss == "cross_entropy" else "R²"
    return Finding(
        code,
        "rate_too_large" if large else "rate_too_small",
        f"The learning rate is too {'large' if large else 'small'}",
        52 if large else 56,
        f"With {new:g} in the place of {old:g}, {what} on validation rows rises by"
        f" {points:.1f} points ({low:.1f} or more), and on training rows too.",
        f"Train with {new:g}." if large else f"Train with {new:g}, or for longer.",
        numbers={"rate": old, "better": new, "points": points},
    )


def _points(runs, baseline, name):
    """float[n]: gains of a score from 0 to 1; a run without one counts as 0."""
    seeds = [s for s in runs if s in baseline]
    if len(seeds) < 2:
        return None
    after, before = (
        np.array([_score(side[s].values.get(name)) for s in seeds])
        for side in (runs, baseline)
    )
    return after - before


def _score(value):
    """R² below 0 is no better than guessing."""
    return 0.0 if value is None or not np.isfinite(value) else max(0.0, float(value))
