"""What a rule needs of each step of an epoch, made on the host in float64."""

from functools import cache

import numpy as np

from ..elementwise import as_reals
from ..functions import compiled
from ..jit import inner, jit, plain
from ..schedule import warmed
from ..schedules import SCHEDULES


def factors(settings, dtype, first, count, total, memory):
    """float64[count]: what steps first, first + 1, ... multiply the rate by.

    settings: `Settings`; first: from 0; total: steps of the training; memory:
    float64[MEMORY], what the schedule has kept of earlier epochs.
    """
    chosen = SCHEDULES[settings.schedule]
    rule = compiled(chosen.rule, "schedule", dtype)
    options = chosen.values(settings.schedule_options)
    return np.array(
        [
            warmed(rule(step, total, options, memory), step, settings.warmup)
            for step in range(first, first + count)
        ]
    )


def fill(out, optimizer, hyper, factors, first, sign=1):
    """The scalars of an elementwise optimizer for steps first, first + 1, ...

    out: real[count, k]; hyper: float64[k]; factors: float64[count]; first: from 1;
    sign: -1 for gradients at drawn targets.
    """
    _filler(plain(optimizer.scalars))(out, hyper, factors, first, sign)


@cache
def _filler(scalars):
    rule = inner(scalars)

    @jit
    def fill_table(out, hyper, factors, first, sign):
        at_step = hyper.copy()
        for k in range(out.shape[0]):
            at_step[0] = hyper[0] * factors[k]
            c = as_reals(rule(at_step, sign * (first + k)), out)
            for entry in range(len(c)):
                out[k, entry] = c[entry]

    return fill_table
