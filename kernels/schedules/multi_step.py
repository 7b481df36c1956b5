"""Drops at chosen times."""

from ..bounds import NONNEGATIVE, UNIT
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """gamma^(milestones reached); a milestone is a share of the training.

    options: gamma, then the milestones, in any order.
    """
    value = 1.0
    for k in range(1, options.size):
        if step >= round(options[k] * steps):
            value *= options[0]
    return value


SCHEDULE = Schedule(
    name="multi_step",
    rule=factor,
    defaults={"gamma": 0.1, "milestones": (0.5, 0.75)},
    bounds={"gamma": NONNEGATIVE, "milestones": UNIT},
    source="He et al. (2016), section 4.2",
)
