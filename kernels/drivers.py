"""Who trains: a team of threads on one network, or each thread on networks of its own.

`training.train_serial` is the core of both.
"""

import numpy as np
from numba import prange
from numba.np.ufunc import get_thread_id

from .backprop import Columns, Model, Workspace
from .batch import Run, Scratch
from .jit import inner, jit
from .team import dismiss
from .training import Functions
from .watch import Watch


@inner
def select_run(runs, index):
    """The Run at an index of a population."""
    return Run(
        runs.seed[index],
        runs.hyper[index],
        runs.params[index],
        runs.state[index],
        runs.best[index],
        runs.curves[index],
        runs.outcome[index],
    )


@inner
def select_scratch(stacked, index):
    """The Scratch of a thread."""
    work, watch = stacked.work, stacked.watch
    return Scratch(
        stacked.grad[index],
        stacked.before[index],
        stacked.hyper[index],
        stacked.order[index],
        stacked.batch[index],
        stacked.sums[index],
        stacked.squares[index],
        stacked.memory[index],
        stacked.team[index],
        Workspace(
            work.x[index],
            work.y[index],
            work.activations[index],
            work.deltas[index],
            work.stored[index],
            work.draws[index],
        ),
        Watch(
            watch.records[index],
            watch.samples[index],
            watch.active[index],
            watch.moves[index],
            watch.places[index],
        ),
    )


# prange takes tuples apart one level deep: nested ones are put together inside.
@jit(parallel=True)
def train_team(train_one, assist, net, functions, data, plan, run, scratch, threads):
    """One network on several threads, in place: a driver and its helpers.

    train_one, assist: `train_serial` and `tasks.assist`, by address. The team of
    `scratch` must hold threads - 1 helpers.
    """
    model, task, update, schedule, observe, average = functions
    forward, backward, gradients, columns, loss, score = model
    some_forward, settle, some_backward = columns
    grad, before, hyper, order, batch, sums, squares, memory, team, work, watch = (
        scratch
    )
    px, py, activations, deltas, stored, draws = work
    records, samples, active, moves, places = watch
    for k in prange(threads):
        some = Columns(some_forward, settle, some_backward)
        passes = Model(forward, backward, gradients, some, loss, score)
        whole = Functions(passes, task, update, schedule, observe, average)
        space = Workspace(px, py, activations, deltas, stored, draws)
        seen = Watch(records, samples, active, moves, places)
        mine = Scratch(
            grad, before, hyper, order, batch, sums, squares, memory, team, space, seen
        )
        if k == 0:
            train_one(net, whole, data, plan, run, mine, 0)
            dismiss(team)
        else:
            assist(net, whole, data, plan, run, mine)


@jit(parallel=True)
def train_population(train_one, net, functions, data, plan, runs, scratches):
    """Every network of a population, each whole on one thread; in place.

    train_one: `train_serial`, by address. scratches: one per thread, stacked. data: one
    set for all, or one per run.
    """
    shared = data.x.shape[0] == 1
    model, task, update, schedule, observe, average = functions
    forward, backward, gradients, columns, loss, score = model
    some_forward, settle, some_backward = columns
    (
        grad, before, hyper, order, batch, sums, squares, memory, team, work, watch,
    ) = scratches  # fmt: skip
    px, py, activations, deltas, stored, draws = work
    records, samples, active, moves, places = watch
    for k in prange(runs.params.shape[0]):
        index = np.int64(k)
        some = Columns(some_forward, settle, some_backward)
        passes = Model(forward, backward, gradients, some, loss, score)
        whole = Functions(passes, task, update, schedule, observe, average)
        space = Workspace(px, py, activations, deltas, stored, draws)
        seen = Watch(records, samples, active, moves, places)
        stacked = Scratch(
            grad, before, hyper, order, batch, sums, squares, memory, team, space, seen
        )
        scratch = select_scratch(stacked, get_thread_id())
        run = select_run(runs, index)
        train_one(net, whole, data, plan, run, scratch, 0 if shared else index)
