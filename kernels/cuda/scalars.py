"""The scalars of an optimizer's rule at each step of an epoch, made on the CPU."""

from functools import cache

import numpy as np

from ..cache import plain
from ..elementwise import as_reals
from ..functions import call_schedule, compiled
from ..jit import inner, jit
from ..schedule import MEMORY, ignore, warmed
from ..schedules import SCHEDULES
from .update import count_of


@jit
def fill_factors(out, schedule, epoch, epochs, warmup, options, memory):
    """out: float64[m, steps], factors of the learning rate, of each memory.

    schedule: address of its rule.
    """
    steps = out.shape[1]
    for run in range(out.shape[0]):
        for k in range(steps):
            step = epoch * steps + k
            steps_in_all = steps * epochs
            factor = call_schedule(schedule, step, steps_in_all, options, memory[run])
            out[run, k] = warmed(factor, step, warmup)


def fill(out, optimizer, hyper, factors, first, sign=1):
    """The scalars of an elementwise optimizer at steps first, first + 1, ...

    out: real[tables, steps, k]; hyper: float64[tables, k]; factors: float64[m, steps],
    of each table, or of all. first: from 1; sign: -1 at drawn targets.
    """
    _filler(plain(optimizer.scalars), out.shape[2])(out, hyper, factors, first, sign)


@cache
def _filler(scalars, count):
    values = inner(scalars)

    @jit
    def fill_tables(out, hyper, factors, first, sign):
        for table in range(out.shape[0]):
            own = hyper[table].copy()
            for k in range(out.shape[1]):
                row = min(table, factors.shape[0] - 1)
                own[0] = hyper[table, 0] * factors[row, k]
                c = as_reals(values(own, sign * (first + k)), out)
                for j in range(count):
                    out[table, k, j] = c[j]

    return fill_tables


class Scalars:
    """Tables of scalars: one for all runs with the same, or, where the schedule follows
    each run's loss, one a run.

    groups: int32[r], the table of a run. memory: float64[r, MEMORY], the schedule's.
    """

    def __init__(self, job, hyper, steps):
        chosen = SCHEDULES[job.settings.schedule]
        self.job, self.steps = job, steps
        self.rule = compiled(chosen.rule, "schedule", job.dtype).address
        self.observe = None if chosen.observe is ignore else chosen.observe
        if self.observe:
            self.hyper, groups = hyper, np.arange(len(hyper))
        else:
            self.hyper, groups = np.unique(hyper, axis=0, return_inverse=True)
        self.groups = groups.reshape(-1).astype(np.int32)
        self.memory = np.zeros((len(hyper) if self.observe else 1, MEMORY))
        optimizer = job.optimizer
        self.count, self.drawn = count_of(optimizer), optimizer.sampled_every > 0
        self.factors = np.empty((len(self.memory), steps))

    @property
    def shape(self):
        """(rows, columns) of what `of` returns."""
        return (1 + self.drawn) * len(self.hyper) * self.steps, self.count

    def of(self, epoch):
        """real[(2) tables steps, k]: where targets are drawn, their steps' behind."""
        plan, steps = self.job.plan, self.steps
        fill_factors(
            self.factors,
            self.rule,
            epoch,
            plan.epochs,
            plan.warmup,
            plan.schedule,
            self.memory,
        )
        shape = (1 + self.drawn, len(self.hyper), steps, self.count)
        out = np.empty(shape, self.job.dtype)
        for part, sign in zip(out, (1, -1), strict=False):
            fill(
                part,
                self.job.optimizer,
                self.hyper,
                self.factors,
                epoch * steps + 1,
                sign,
            )
        return out.reshape(self.shape)

    def last_hyper(self, run):
        """The hyper-parameters of a run at the last step of the epoch that was made."""
        hyper = self.hyper[self.groups[run]].copy()
        hyper[0] *= self.factors[min(run, len(self.factors) - 1), -1]
        return hyper

    def note(self, runs, losses):
        """Let the schedule see the losses of an epoch, of some runs."""
        if self.observe:
            for run, loss in zip(runs, losses, strict=True):
                self.observe(self.memory[run], loss, self.job.plan.schedule)
