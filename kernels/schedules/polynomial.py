"""A power of the share of training that is left."""

from ..bounds import NONNEGATIVE
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """final + (1 - final) (1 - step / steps)^power. options: power, final."""
    return options[1] + (1.0 - options[1]) * (1.0 - step / steps) ** options[0]


SCHEDULE = Schedule(
    name="polynomial",
    rule=factor,
    defaults={"power": 1.0, "final": 0.0},
    bounds={"power": NONNEGATIVE, "final": NONNEGATIVE},
    source="Chen et al. (2018), DeepLab, section 4.1, there called poly",
)
