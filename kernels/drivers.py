"""Networks of a population: each thread trains whole ones, one after the other."""

from .atomics import add
from .backprop import Workspace
from .batch import Run, Scratch
from .jit import inner, jit
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


@jit
def train_population(
    train_one, net, functions, data, plan, runs, scratches, counter, thread
):
    """Networks of a population, each whole, until none is left; in place.

    train_one: `train_serial`, by address. scratches: one per thread, stacked. data: one
    set for all, or one per run. counter: int64[1], the next run of all threads.
    """
    shared = data.x.shape[0] == 1
    scratch = select_scratch(scratches, thread)
    index = add(counter, 0, 1)
    while index < runs.params.shape[0]:
        run = select_run(runs, index)
        train_one(net, functions, data, plan, run, scratch, 0 if shared else index)
        index = add(counter, 0, 1)
