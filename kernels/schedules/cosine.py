"""Half a cosine wave from the base rate down."""

import math

from ..bounds import NONNEGATIVE
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """final + (1 - final) (1 + cos(pi step / steps)) / 2. options: final."""
    swing = 0.5 * (1.0 + math.cos(math.pi * step / steps))
    return options[0] + (1.0 - options[0]) * swing


SCHEDULE = Schedule(
    name="cosine",
    rule=factor,
    defaults={"final": 0.0},
    bounds={"final": NONNEGATIVE},
    source="Loshchilov & Hutter (2017), eq. 5",
)
