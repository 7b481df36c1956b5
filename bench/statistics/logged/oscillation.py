"""Oscillation: the loss jumps up and down, as it does where steps are too long."""

from math import pi, sqrt

import numpy as np

from ..detectors import Component, Detection
from ..detectors.detection import component
from .curves import LEAST, LoggedCurves, on_scale

RANK = 1
LIMIT, LIMIT_ALONE = 10.0, 20.0  # percent; of both losses, of the training loss alone


def judge(curves: LoggedCurves) -> Detection:
    """Both losses jump by > 10 % from one evaluation to the next, in the second half.

    The size of a jump is the standard deviation of a loss around its trend, from mean
    absolute differences of neighbours (von Neumann et al. 1941, Annals of Mathematical
    Statistics 12), on a scale that ends at 5 % of the first loss. Without a validation
    loss the training loss must jump by > 20 %; logged by steps it tells nothing, since
    batches differ as much.
    """
    first, losses = curves.first_loss, curves.losses()
    if losses is not None:
        named = zip(("training", "validation"), losses, strict=True)
        signs = [_jumps(f"jumps of the {n} loss", s.y, first, LIMIT) for n, s in named]
    else:
        train = curves.of("train_loss")
        if train is None or curves.unit == "step" or len(train.finite) < LEAST:
            return Detection(False, ())
        y = train.finite.y
        signs = [_jumps("jumps of the training loss", y, first, LIMIT_ALONE)]
    fires, refuted = all(s.fires for s in signs), any(s.refuted for s in signs)
    return Detection(fires, tuple(signs), refuted)


def _jumps(name: str, y: np.ndarray, first: float, limit: float) -> Component:
    steps = np.diff(on_scale(y, first)[len(y) // 2 :])
    around = np.abs(steps - np.median(steps)) * sqrt(pi / 2) / sqrt(2)
    return component(name, 100 * around, ">", limit, "%")
