"""Half a cosine wave down, again and again, each `growth` times as long as the last."""

import math

from ..bounds import NONNEGATIVE, UNIT, Bounds
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """final + (1 - final) (1 + cos(pi t / T)) / 2, t steps into a cycle of T steps.

    T is the share `period` of the training at first, then `growth` times itself with
    each restart (T_0 and T_mult of the paper). options: period, growth, final.
    """
    t, length = float(step), max(1.0, round(options[0] * steps))
    if options[1] == 1.0:
        t %= length
    while t >= length:
        t -= length
        length *= options[1]
    swing = 0.5 * (1.0 + math.cos(math.pi * t / length))
    return options[2] + (1.0 - options[2]) * swing


SCHEDULE = Schedule(
    name="cosine_restarts",
    rule=factor,
    # Three cycles: 1/7 + 2/7 + 4/7 of the training.
    defaults={"period": 1 / 7, "growth": 2.0, "final": 0.0},
    bounds={"period": UNIT, "growth": Bounds(1), "final": NONNEGATIVE},
    source="Loshchilov & Hutter (2017), eq. 5 and section 3",
)
