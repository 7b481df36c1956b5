"""One rise to the base rate, and one long fall far below where it began."""

import math

from ..bounds import POSITIVE, SWITCH, UNIT
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """From 1 / div_factor up to 1 in the share pct_start of the training, then down to
    1 / (div_factor final_div_factor) at its last step.

    Both ways along half a cosine wave, or straight where cosine = 0. The base rate is
    the highest one; momentum is left alone. options: pct_start, div_factor,
    final_div_factor, cosine.
    """
    low = 1.0 / options[1]
    peak, last = options[0] * steps - 1.0, steps - 1.0
    if step <= peak:
        begin, end, share = low, 1.0, step / max(peak, 1e-30)
    else:
        begin, end = 1.0, low / options[2]
        share = (step - peak) / max(last - peak, 1e-30)
    if options[3] != 0.0:
        share = 0.5 * (1.0 - math.cos(math.pi * share))
    return begin + (end - begin) * share


SCHEDULE = Schedule(
    name="one_cycle",
    rule=factor,
    defaults={
        "pct_start": 0.3,
        "div_factor": 25.0,
        "final_div_factor": 1e4,
        "cosine": 1.0,
    },
    bounds={
        "pct_start": UNIT,
        "div_factor": POSITIVE,
        "final_div_factor": POSITIVE,
        "cosine": SWITCH,
    },
    source="Smith (2018), the 1cycle policy; Smith & Topin (2019)",
)
