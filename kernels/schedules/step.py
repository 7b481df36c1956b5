"""Drops in equal steps."""

import math

from ..bounds import NONNEGATIVE, POSITIVE
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """gamma^floor(step / (period steps)): a drop each `period` share of training.

    options: gamma, period.
    """
    return options[0] ** math.floor(step / max(1.0, options[1] * steps))


SCHEDULE = Schedule(
    name="step",
    rule=factor,
    defaults={"gamma": 0.1, "period": 1 / 3},
    bounds={"gamma": NONNEGATIVE, "period": POSITIVE},
    source="Szegedy et al. (2015), section 6",
)
