"""Learning-rate schedules: a factor of the base rate from the step.

`x(step, steps, options)`: step counts from 0, steps is the length of the training,
options float64[k] in the order of the table below. A warm-up multiplies any of them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from .jit import jit


def constant(step, steps, options):
    """1"""
    return 1.0


def step(step, steps, options):
    """gamma^floor(step / (period steps)): a drop each `period` share of training."""
    return options[0] ** math.floor(step / max(1.0, options[1] * steps))


def exponential(step, steps, options):
    """final^(step / steps): from 1 to `final` in equal ratios."""
    return options[0] ** (step / steps)


def cosine(step, steps, options):
    """final + (1 - final)(1 + cos(pi step / steps)) / 2.

    Source: Loshchilov & Hutter (2017), eq. 5.
    """
    swing = 0.5 * (1.0 + math.cos(math.pi * step / steps))
    return options[0] + (1.0 - options[0]) * swing


@dataclass(frozen=True)
class Schedule:
    """A schedule's rule and the defaults of its options, in order."""

    rule: Callable
    defaults: dict = field(default_factory=dict)


SCHEDULES = {
    "constant": Schedule(constant),
    "step": Schedule(step, {"gamma": 0.1, "period": 1 / 3}),
    "exponential": Schedule(exponential, {"final": 0.01}),
    "cosine": Schedule(cosine, {"final": 0.0}),
}


@jit
def warmed(factor, step, warmup):
    """The factor, times (step + 1) / warmup in the first `warmup` steps.

    Source: Goyal et al. (2017), section 2.2.
    """
    return factor * (step + 1) / warmup if step < warmup else factor
