"""Divergence: the loss runs away, or comes back up and stays there."""

from dataclasses import replace

import numpy as np

from ..detectors import DETECTORS, Detection
from ..detectors.detection import any_of, component, log_ratio
from .curves import LEAST, LoggedCurves
from .oscillation import judge as oscillation

RANK = 0
_NAMES = {
    "share of runs that diverged": "share of the last evaluations not finite",
    "last finite loss / first loss": "loss at the end / first loss",
}


def judge(curves: LoggedCurves) -> Detection:
    """NaN or infinite at the end, > 10 x the first loss, or back up for good.

    The first two signs are the detector's. Back up: at the end above half of the first
    loss and above 2 x the lowest before, and not by oscillation.
    """
    name = "train_loss" if curves.of("train_loss") is not None else "val_loss"
    series = curves.of(name)
    if series is None or len(series) < 2:
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
    if found.fires:
        return Detection(True, tuple(signs))
    sound = not np.isnan(late).any() and len(series.finite) >= LEAST
    signs = [replace(c, refuted=c.refuted or (sound and not c.fires)) for c in signs]
    back = _back_up(late, first, float(np.nanmin(series.finite.y)))
    settled = all(c.refuted for c in signs) and any(c.refuted for c in back)
    fires = all(c.fires for c in back) and not oscillation(curves).fires
    return Detection(fires, (*signs, *back), refuted=settled)


def _back_up(late, first, lowest):
    """Two signs that must hold together: far above the lowest, and near the first."""
    lowest = np.full(len(late), lowest)
    yield_from = (
        ("loss at the end / lowest loss", lowest, 2.0),
        ("loss at the end / first loss", np.full(len(late), first), 0.5),
    )
    return [
        component(name, log_ratio(late, base), ">", limit, shown=np.exp)
        for name, base, limit in yield_from
    ]
