"""Slow training: the loss still falls when the training ends."""

import numpy as np

from ..detectors import Detection
from ..intervals import Interval
from .curves import LEAST, LoggedCurves, on_scale
from .trend import bounded, drop_a_tenth, late_part, slope

RANK = 4
FALLING = 5.0  # percent in a tenth of the training
STEADY = 0.5  # of the mean rate of the whole training
CRAWL = 0.5  # percent in a tenth of the training


def judge(curves: LoggedCurves) -> Detection:
    """The loss still falls by > 5 % in a tenth of the training, or it only crawls.

    It crawls where it falls at the end at > 0.5 x its mean rate, and by > 0.5 % in a
    tenth of the training: it has not slowed down because it hardly began. The
    validation loss is read where there is one, else the training loss.
    """
    names = [n for n in ("val_loss", "train_loss") if curves.of(n) is not None]
    series = [s.finite for n in names if (s := curves.of(n)) is not None]
    if not series or len(series[0]) < LEAST or not np.isfinite(curves.first_loss):
        return Detection(False, ())
    which = {"val_loss": "validation", "train_loss": "training"}[names[0]]
    y = on_scale(series[0].y, curves.first_loss)
    fall = drop_a_tenth(y)
    falling = bounded(
        f"fall of the {which} loss in a tenth of the training", fall, ">", FALLING, "%"
    )
    crawling = (
        bounded(f"least fall of the {which} loss that counts", fall, ">", CRAWL, "%"),
        bounded("rate at the end / mean rate", _steadiness(y), ">", STEADY),
    )
    crawls, still = all(c.fires for c in crawling), any(c.refuted for c in crawling)
    return Detection(
        falling.fires or crawls, (falling, *crawling), falling.refuted and still
    )


def _steadiness(y: np.ndarray) -> Interval:
    """The slope of the last third as a multiple of the mean slope of the whole."""
    mean = (y[-max(1, len(y) // 10) :].mean() - y[0]) / (len(y) - 1)
    if not mean < 0:
        return Interval(0.0, 0.0, 0.0)
    value, low, high = slope(late_part(y))
    return Interval(value / mean, high / mean, low / mean)
