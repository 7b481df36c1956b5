"""Slow training: the loss still falls when the training ends."""

import numpy as np

from ..detectors import Component, Detection
from ..detectors.detection import component, log_ratio
from ..intervals import Interval
from .curves import LEAST, LoggedCurves, lowest_of, on_scale
from .trend import bounded, drop_a_tenth, steadiness

RANK = 4
FALLING, CRAWL = 5.0, 1.8  # percent in a tenth of the training
HIGH = 0.3  # of the first loss
LEARNT = 0.2  # of the first loss: a training loss that is lower has been learnt
STEADY = 0.5  # of the mean rate of the whole training
NEAR = 1.1  # times the lowest value


def judge(curves: LoggedCurves) -> Detection:
    """The loss still falls by > 5 % in a tenth of the training, or it crawls.

    It crawls where it still falls by > 1.8 % and is above 0.3 x its first value, or
    falls at the end at > 0.5 x its mean rate: it has not slowed down since it hardly
    began. Not so where the training loss is below 0.2 x its first value: what is left
    is to do with new rows.

    The validation loss is read where there is one, else the training loss. It must end
    near its lowest value, < 1.1 x that, and the training loss must fall too. Where it
    ends is told from its last values, each moved to the end along their own fall: that
    a curve falls fast must not count as a distance from its lowest value.
    """
    names = [n for n in ("val_loss", "train_loss") if curves.of(n) is not None]
    series = [s.finite for n in names if (s := curves.of(n)) is not None]
    if not series or len(series[0]) < LEAST or not np.isfinite(curves.first_loss):
        return Detection(False, ())
    which = {"val_loss": "validation", "train_loss": "training"}[names[0]]
    y, late = on_scale(series[0].y, curves.scale), series[0].late()
    name, fall = f"fall of the {which} loss in a tenth", drop_a_tenth(y)
    falling = bounded(name, fall, ">", FALLING, "%")
    crawl = bounded(f"{name}, for a high loss", fall, ">", CRAWL, "%")
    high = component(
        f"{which} loss at the end / first loss",
        log_ratio(late, np.full(len(late), curves.first_loss)),
        ">",
        HIGH,
        shown=np.exp,
    )
    steady = steady_fall(y, which)
    lowest = component(
        f"{which} loss at the end / its lowest",
        _at_end(log_ratio(late, np.full(len(late), lowest_of(series[0].y)))),
        "<",
        NEAR,
        shown=np.exp,
    )
    also = bounded("fall of the training loss", _fall_of_training(curves), ">", 0, "%")
    rest = _rest(curves)
    crawls = (crawl.fires and high.fires) or steady.fires
    fast = (crawl.refuted or high.refuted) and steady.refuted
    either = falling.fires or (crawls and all(sign.fires for sign in rest))
    neither = falling.refuted and (fast or any(sign.refuted for sign in rest))
    return Detection(
        either and lowest.fires and also.fires,
        (falling, crawl, high, steady, lowest, also, *rest),
        neither or lowest.refuted or also.refuted,
    )


def _rest(curves: LoggedCurves) -> list[Component]:
    """What of the training loss is left at the end; nothing where none is logged."""
    train = curves.of("train_loss")
    if train is None or not len(train.finite):
        return []
    late = train.finite.late()
    logs = log_ratio(late, np.full(len(late), curves.first_loss))
    return [
        component("training loss at the end / first", logs, ">", LEARNT, shown=np.exp)
    ]


def _at_end(logs: np.ndarray) -> np.ndarray:
    """float[n], moved to its last place along the line through it, where that falls."""
    if len(logs) < 3 or not np.isfinite(logs).all():
        return logs
    back = np.arange(len(logs)) - (len(logs) - 1)
    slope = np.polyfit(back, logs, 1)[0]
    return logs - min(slope, 0.0) * back


def _fall_of_training(curves: LoggedCurves) -> Interval:
    losses = curves.losses()
    if losses is not None:
        return drop_a_tenth(on_scale(losses[0].y, curves.scale))
    train = curves.of("train_loss")
    if train is None:  # of a validation loss alone nothing more can be asked
        return Interval(1.0, 1.0, 1.0)
    return drop_a_tenth(on_scale(train.finite.y, curves.scale))


def steady_fall(y: np.ndarray, which: str) -> Component:
    """Does a curve, float[n] on its scale, fall at its end as it did on average?"""
    name = f"rate of the {which} loss at the end / mean rate"
    return bounded(name, steadiness(y), ">", STEADY)
