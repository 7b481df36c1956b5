"""Divergence: the loss runs away, or comes back up and stays there."""

from dataclasses import replace

import numpy as np

from ..detectors import DETECTORS, Component, Detection
from ..detectors.detection import any_of, component, log_ratio
from .curves import LEAST, LoggedCurves, lowest_of
from .oscillation import judge as oscillation

RANK = 0
WORSE, BACK, HIGH = 1.15, 1.5, 0.5
_NAMES = {
    "share of runs that diverged": "share of the last evaluations not finite",
    "last finite loss / first loss": "loss at the end / first loss",
}


def judge(curves: LoggedCurves) -> Detection:
    """NaN or infinite at the end, > 10 x the first loss, or back up for good.

    The first two signs are the detector's. Back up: the training loss ends above 1.15 x
    the lower first loss, of training or validation; or above 1.5 x its lowest value and
    half of the lower first loss, and not by oscillation.
    """
    name = "train_loss" if curves.of("train_loss") is not None else "val_loss"
    series = curves.of(name)
    if series is None or (len(series) < 2 and np.isfinite(series.y).all()):
        return any_of()
    late, first = series.late(), curves.first_loss
    norms = curves.of("gradient_norm")
    broken = norms is not None and not np.isfinite(norms.late()).all()
    status = ["diverged"] if broken or not np.isfinite(first) else []
    found = DETECTORS["divergence"](
        {
            "first_loss": np.full(len(late), first),
            "final_loss": late,
            "status": status * len(late),
        }
    )
    signs = [replace(c, name=_NAMES.get(c.name, c.name)) for c in found.components]
    if found.fires or not len(series.finite):
        return Detection(found.fires, tuple(signs))
    sound = not np.isnan(late).any() and len(series.finite) >= LEAST
    signs = [replace(c, refuted=c.refuted or (sound and not c.fires)) for c in signs]
    worse, back, high = _back_up(late, curves.scale, lowest_of(series.finite.y))
    known = name == "train_loss" and not oscillation(curves).fires
    fires = known and (worse.fires or (back.fires and high.fires))
    settled = all(c.refuted for c in signs)
    settled &= not known or (worse.refuted and (back.refuted or high.refuted))
    shown = (worse, back, high) if known else ()
    return Detection(fires, (*signs, *shown), refuted=settled)


def _back_up(late: np.ndarray, scale: float, lowest: float) -> list[Component]:
    """At the end, beside where the training began, and beside its lowest loss."""
    signs = (
        ("loss at the end / lower first loss", scale, WORSE),
        ("loss at the end / lowest loss", lowest, BACK),
        ("the same, of a high loss: at the end / lower first loss", scale, HIGH),
    )
    return [
        component(
            name, log_ratio(late, np.full(len(late), base)), ">", limit, shown=np.exp
        )
        for name, base, limit in signs
    ]
