"""Equal ratios from step to step."""

from ..bounds import POSITIVE
from ..schedule import Schedule


def factor(step, steps, options, memory):
    """final^(step / steps): from 1 to `final` in equal ratios. options: final."""
    return options[0] ** (step / steps)


SCHEDULE = Schedule(
    name="exponential",
    rule=factor,
    defaults={"final": 0.01},
    bounds={"final": POSITIVE},
    source='Senior et al. (2013), "exponential scheduling"',
)
