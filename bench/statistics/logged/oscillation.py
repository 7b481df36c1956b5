"""Oscillation: the loss jumps up and down, as it does where steps are too long."""

from math import pi, sqrt

import numpy as np

from ..detectors import Component, Detection
from ..detectors.detection import component
from .curves import LEAST, LoggedCurves, on_scale

RANK = 1
# Percent. A training loss that is the mean of an epoch jumps less than a validation
# loss, which is that of one moment.
OF_NEW, OF_TRAINING, ALONE = 5.0, 2.5, 10.0


def judge(curves: LoggedCurves) -> Detection:
    """From one evaluation to the next, in the second half, the losses jump.

    By > 5 % that of validation, and by > 2.5 % that of training. The size of a jump is
    the standard deviation of a loss around its trend, from mean absolute differences of
    neighbours (von Neumann et al. 1941, Annals of Mathematical Statistics 12), on a
    scale that ends at 5 % of the first losses. Without a validation loss the training
    loss must jump by > 10 %; logged by steps it tells nothing, since batches differ as
    much.
    """
    losses = curves.losses()
    if losses is not None:
        named = (("training", OF_TRAINING), ("validation", OF_NEW))
        pairs = zip(named, losses, strict=True)
        signs = [_jumps(name, s.y, curves.scale, limit) for (name, limit), s in pairs]
    else:
        train = curves.of("train_loss")
        if train is None or curves.unit == "step" or len(train.finite) < LEAST:
            return Detection(False, ())
        signs = [_jumps("training", train.finite.y, curves.scale, ALONE)]
    fires, refuted = all(s.fires for s in signs), any(s.refuted for s in signs)
    return Detection(fires, tuple(signs), refuted)


def _jumps(which: str, y: np.ndarray, scale: float, limit: float) -> Component:
    steps = np.diff(on_scale(y, scale)[len(y) // 2 :])
    around = np.abs(steps - np.median(steps)) * sqrt(pi / 2) / sqrt(2)
    return component(f"jumps of the {which} loss", 100 * around, ">", limit, "%")
