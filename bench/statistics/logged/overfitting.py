"""Overfitting: far better on training rows than on new ones, and it shows."""

import numpy as np

from ..detectors import DETECTORS, Detection
from .curves import LoggedCurves, at_places, lowest_of, on_scale
from .trend import bounded, drop_a_tenth

RANK = 2


def judge(curves: LoggedCurves) -> Detection:
    """The detector of overfitting on the last evaluations, or a rise against training.

    That is: the validation loss is > 5 % above its lowest value while the training loss
    still falls, whatever the gap: with wrong labels among the training rows their loss
    stays above that of new rows. Prechelt (1998), section 2. The lowest value is that
    of a running mean before the end, so that a curve that falls to its end has no rise.
    """
    losses = curves.losses()
    if losses is None:
        return Detection(False, ())
    train, val = losses
    end, before = val.late(), val.y[: len(val) - len(val.late())]
    values = {
        "train_loss": train.late(),
        "val_loss": end,
        "best_val_loss": np.full(len(end), lowest_of(before)),
    }
    found = DETECTORS["overfitting"](values | _metrics(curves, val.x))
    fall = drop_a_tenth(on_scale(train.y, curves.scale))
    falls = bounded("fall of the training loss in a tenth", fall, ">", 0, "%")
    rise = found.components[1]
    return Detection(
        found.fires or (rise.fires and falls.fires),
        (*found.components, falls),
        found.refuted and (rise.refuted or falls.refuted),
    )


def _metrics(curves, places):
    found = {}
    for part in ("train", "val"):
        series = curves.of(f"{part}_accuracy")
        if series is None or not len(series.finite):
            return {}
        found[f"{part}_metric"] = at_places(series.finite, places).late()
    return found
