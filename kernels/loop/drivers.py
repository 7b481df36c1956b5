"""Networks of a population: each thread trains whole ones, one after the other."""

from ..atomics import add
from ..functions import call_driver
from ..jit import inner, jit
from ..views import borrowed
from ..watch import Watch
from .batch import Course, RunArrays, Scratch
from .workspace import Workspace


@inner
def select_run(runs, index):
    """The Run at an index of a population."""
    return RunArrays(
        runs.seed[index],
        runs.hyper[index],
        runs.params[index],
        runs.state[index],
        runs.best[index],
        runs.curves[index],
        runs.outcome[index],
    )


@inner
def select_workspace(work, index):
    """The Workspace at an index of stacked ones."""
    return Workspace(
        work.x[index],
        work.y[index],
        work.activations[index],
        work.deltas[index],
        work.stored[index],
        work.draws[index],
    )


@inner
def select_scratch(stacked, index):
    """The Scratch of a thread."""
    watch = stacked.watch
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
        select_workspace(stacked.work, index),
        Watch(
            watch.records[index],
            watch.samples[index],
            watch.active[index],
            watch.moves[index],
            watch.places[index],
        ),
    )


@jit
def train_population(driver, courses, counter, thread):
    """Networks of a population, each whole, until none is left; in place.

    driver: address of `train_serial`. courses: a `Course` whose run is stacked, one a
    network, and its scratch, one a thread; data: one set for all, or one per run.
    counter: int64[1], the next run of all threads.
    """
    courses = borrowed(courses)
    shared, runs = courses.data.x.shape[0] == 1, courses.run
    scratch = select_scratch(courses.scratch, thread)
    index = add(counter, 0, 1)
    while index < runs.params.shape[0]:
        run, place = select_run(runs, index), 0 if shared else index
        call_driver(
            driver,
            Course(
                courses.net,
                courses.functions,
                courses.data,
                courses.plan,
                run,
                scratch,
                place,
            ),
        )
        index = add(counter, 0, 1)
