"""Overfitting: far better on training rows than on new ones, and it shows."""

import numpy as np

from ..detectors import DETECTORS, Detection
from .curves import LoggedCurves, at_places, lowest_of

RANK = 2


def judge(curves: LoggedCurves) -> Detection:
    """The detector of overfitting on the last evaluations.

    The lowest validation loss is that of a running mean, since the lowest of many noisy
    values is low by chance.
    """
    losses = curves.losses()
    if losses is None:
        return Detection(False, ())
    train, val = losses
    values = {
        "train_loss": train.late(),
        "val_loss": val.late(),
        "best_val_loss": np.full(len(val.late()), lowest_of(val.y)),
    }
    return DETECTORS["overfitting"](values | _metrics(curves, val.x))


def _metrics(curves, places):
    found = {}
    for part in ("train", "val"):
        series = curves.of(f"{part}_accuracy")
        if series is None or not len(series.finite):
            return {}
        found[f"{part}_metric"] = at_places(series.finite, places).late()
    return found
