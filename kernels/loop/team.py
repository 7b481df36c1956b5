"""A team of threads on one training: a driver that hands out tasks, and its helpers.

A step lasts microseconds, a fork and join of threads about as long; so the team stays
together for the whole training and hands out tasks by one atomic word. The driver
publishes a phase of numbered tasks, takes tasks itself until none is left, then waits
for those that others took. It never waits for a thread that took nothing: alone, it
does all of the work, so a helper may begin when all is over, or never. Compiled code
raises nothing: a task taken is always done. Which thread does it changes no result.
Source: self-scheduling, Polychronopoulos & Kuck (1987).
"""

import numpy as np

from ..atomics import add, exchange, load, pause, store
from ..jit import inner

# Entries of the team's array, each on a cache line of its own.
WORD, DONE, HELPERS, SIZE = 0, 16, 32, 48
# The word, from its lowest bit: next task, number of tasks, kind of task, phase.
_COUNT, _KIND, _PHASE, _TASKS, _KINDS = 12, 24, 28, 0xFFF, 0xF
MOST_TASKS = _TASKS
_FINISHED = -1
# What `claim` answers beside kinds of tasks.
NOTHING, OVER = -1, -2


def new_team(helpers=0, stack=()):
    """int64[SIZE] (behind the axes of `stack`) for a driver with so many helpers."""
    team = np.zeros((*stack, SIZE), dtype=np.int64)
    team[..., HELPERS] = helpers
    return team


@inner
def open_phase(team, kind, count):
    """Publish `count` tasks of a kind; the phase before must be closed."""
    phase = (load(team, WORD) >> _PHASE) + 1
    store(team, DONE, 0)
    store(team, WORD, (phase << _PHASE) | (kind << _KIND) | (count << _COUNT))


@inner
def claim(team):
    """Take a task: its kind and number, or `NOTHING` or `OVER` for the kind."""
    while True:
        word = load(team, WORD)
        if word == _FINISHED:
            return OVER, 0
        task = word & _TASKS
        if task >= (word >> _COUNT) & _TASKS:
            return NOTHING, 0
        # Fails if another took it, or if the phase is over: then nothing was taken.
        if exchange(team, WORD, word, word + 1):
            return (word >> _KIND) & _KINDS, task


@inner
def finish_task(team):
    """Say that a task that was taken is done, with all it wrote."""
    add(team, DONE, 1)


@inner
def close_phase(team, count):
    """Wait for the tasks of a phase that others have taken."""
    spins = 0
    while load(team, DONE) < count:
        spins = pause(spins)


def dismiss(team):
    """Send the helpers home: no thread drives any more. Called from Python."""
    team[WORD] = _FINISHED
