"""Overfitting: far better on training rows than on new ones, and it shows."""

import numpy as np

from ..detectors import DETECTORS, Component, Detection
from ..detectors.detection import component
from .curves import LoggedCurves, at_places, lowest_of, on_scale
from .trend import bounded, drop_a_tenth

RANK = 2
WORSE = 3.0  # points of accuracy that new rows cost, where known
WIDE = 0.08  # of the lower first loss: a gap of the losses that matters
FAR, FARTHER = 0.15, 0.25  # of the first loss: beside a rise, and by itself
RISEN = 0.08  # of the lower first loss: what the validation loss rose by


def judge(curves: LoggedCurves) -> Detection:
    """The detector of overfitting on the last evaluations, where it matters.

    Of a loss near zero a rise of 5 % is chance among few rows, and costs nothing. So
    one of these must hold, the first two with the detector's relative gap > 0.1:
    accuracies > 5 points apart and losses > 0.08 of the lower first loss; or a rise of
    the validation loss > 5 %, losses > 0.15 of the first loss apart, and accuracies,
    where known, > 3 points; or losses > 0.25 of the first apart and accuracies > 3
    points; or a rise > 5 % and > 0.08 of the lower first loss while the training loss
    still falls, whatever the gap: with wrong labels among the training rows their loss
    stays above that of new rows. Prechelt (1998), section 2. The lowest value is that
    of a running mean before the end, so that a curve that falls to its end has no rise.
    """
    losses = curves.losses()
    if losses is None:
        return Detection(False, ())
    train, val = losses
    lowest = lowest_of(val.y[: len(val) - len(val.late())])
    values = {
        "train_loss": train.late(),
        "val_loss": val.late(),
        "best_val_loss": np.full(len(val.late()), lowest),
    }
    values |= _metrics(curves, val.x)
    gap, rise, *accuracy = DETECTORS["overfitting"](values).components
    fall = drop_a_tenth(on_scale(train.y, curves.scale))
    falls = bounded("fall of the training loss in a tenth", fall, ">", 0, "%")
    apart, by = val.late() - train.late(), "gap of the losses / {}first loss"
    wide = _share(by.format("lower "), apart, curves.scale, WIDE)
    far, farther = (
        _share(by.format(""), apart, curves.first_loss, x) for x in (FAR, FARTHER)
    )
    risen = val.late() - lowest
    high = _share(
        "rise of the validation loss / lower first loss", risen, curves.scale, RISEN
    )
    worse = _worse(values)
    ways = [(gap, rise, far, *worse), (rise, high, falls)]
    if accuracy:
        ways += [(gap, *accuracy, wide), (farther, *worse)]
    return Detection(
        any(all(s.fires for s in way) for way in ways),
        (gap, rise, *accuracy, wide, far, farther, *worse, high, falls),
        all(any(s.refuted for s in way) for way in ways),
    )


def _worse(values) -> list[Component]:
    """What new rows cost in accuracy; nothing where none is known."""
    if "val_metric" not in values:
        return []
    cost = 100 * (values["train_metric"] - values["val_metric"])
    name = "accuracy gap, beside losses far apart"
    return [component(name, cost, ">", WORSE, "points")]


def _share(name: str, losses: np.ndarray, base: float, limit: float) -> Component:
    """Losses as shares of a first one, which has a scale where it is above zero."""
    with np.errstate(over="ignore", invalid="ignore"):
        shares = losses / base if base > 0 else np.empty(0)
    return component(name, shares, ">", limit)


def _metrics(curves, places):
    found = {}
    for part in ("train", "val"):
        series = curves.of(f"{part}_accuracy")
        if series is None or not len(series.finite):
            return {}
        found[f"{part}_metric"] = at_places(series.finite, places).late()
    return found
