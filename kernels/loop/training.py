"""The training loop: all epochs of one network, from its parameters to its curves.

`train_serial` is the core, a driver: alone, or with a team where a batch is large
enough to be shared. `drivers` puts it on threads.
"""

import math

import numpy as np
from numba import types

from .. import progress
from ..elementwise import copy
from ..functions import call_average, call_observe
from ..jit import inner, jit
from ..penalties import square
from ..philox import shuffle
from ..views import borrowed, vector
from ..watch import clear
from . import batch, tasks
from .step import step_once, sums_of
from .tasks import run_phase

_clock_gettime = types.ExternalFunction(
    "clock_gettime", types.int32(types.int32, types.voidptr)
)


@jit
def now():
    """Seconds of the monotonic clock."""
    spec = np.empty(2, np.int64)
    _clock_gettime(types.int32(1), spec.ctypes)
    return spec[0] + 1e-9 * spec[1]


@jit
def update_ratio(before, after):
    """|after - before| / |before|, the size of a step against the weights'."""
    moved, size = 0.0, 0.0
    for i in range(before.size):
        moved += square(after[i] - before[i])
        size += square(before[i])
    return math.sqrt(moved) / max(math.sqrt(size), 1e-30)


@inner
def all_finite(state, codes):
    """Is every number that an optimizer keeps finite? state: float[slots, n].

    codes: of them, from the first on, are no numbers.
    """
    bad, flat = 0, vector(state, codes, state.size - codes)
    for i in range(flat.size):
        bad += 0 if math.isfinite(flat[i]) else 1
    return bad == 0


@inner
def trained_of(course):
    """The parameters without the statistics behind them, float[n]."""
    return vector(course.run.params, 0, course.scratch.grad.size)


@inner
def train_epoch(course, epoch):
    """All batches of an epoch. Returns mean loss, summed score, mean gradient norm."""
    plan, run, rows = course.plan, course.run, course.data.x.shape[1]
    per_epoch = (rows + plan.batch - 1) // plan.batch
    if per_epoch > 1:
        shuffle(course.scratch.order, epoch, run.seed[0], run.seed[1])
    total_loss, total_score, total_norm = 0.0, 0.0, 0.0
    for k in range(per_epoch):
        loss, score, norm = step_once(course, epoch * per_epoch + k + 1)
        total_loss += loss
        total_score += score
        total_norm += norm
        if not math.isfinite(loss):
            break
    return total_loss / rows, total_score, total_norm / per_epoch


@inner
def note_epoch(course, epoch, sums):
    """Write an epoch's column of the curves; True while all of it is finite.

    So must be what the optimizer keeps: an infinite square of a gradient stops its
    parameter for ever, at a loss that looks well. Leaves the parameters to predict with
    in place; `resume` brings back those to train.
    """
    data, plan, run, scratch = course.data, course.plan, course.run, course.scratch
    loss, score, norm = sums
    trained, column = trained_of(course), run.curves[:, epoch]
    # An epoch broken off has no last step to compare with.
    ratio = update_ratio(scratch.before, trained) if math.isfinite(loss) else np.nan
    line = data.train_metric[course.index]
    progress.note_training(column, line, loss, score, norm, ratio)
    finite = math.isfinite(ratio) and math.isfinite(norm)
    finite = finite and all_finite(run.state, plan.codes)
    if plan.averages:
        calls = scratch.batch[batch.STEP] * plan.gradients
        copy(scratch.before, trained)
        call_average(
            course.functions.average,
            trained,
            scratch.before,
            run.state,
            scratch.hyper,
            calls,
            course.net.matrices,
        )
    if data.x_val.shape[1] > 0:
        run_phase(course, tasks.VALIDATION, plan.spans)
        loss, score = sums_of(course)
        loss /= data.x_val.shape[1]
        progress.note_validation(column, data.val_metric[course.index], loss, score)
        finite = finite and math.isfinite(loss)
    call_observe(course.functions.observe, scratch.memory, loss, plan.schedule)
    return finite


@inner
def resume(course, epoch):
    """The parameters to train, after an epoch that left those to predict with."""
    if course.plan.averages and epoch > 0:
        copy(trained_of(course), course.scratch.before)


@inner
def start_run(run, scratch):
    """Reset what a training writes: curves, outcome, row order, random keys."""
    run.curves[:] = np.nan
    run.outcome[:] = 0.0
    scratch.memory[:] = 0.0
    for r in range(scratch.order.size):
        scratch.order[r] = r
    for k in range(scratch.work.draws.shape[0]):
        scratch.work.draws[k, 0] = run.seed[0]
        scratch.work.draws[k, 1] = run.seed[1]
    clear(scratch.watch)


@inner
def stops(course, epoch, best):
    """(is patience at its end, the best validation loss); keeps the best parameters."""
    plan, run = course.plan, course.run
    if plan.patience == 0:
        return False, best
    loss = run.curves[progress.VAL_LOSS, epoch]
    if progress.improved(loss, best, plan.min_delta):
        run.outcome[progress.BEST_EPOCH] = epoch + 1
        copy(run.best, run.params)
        return False, loss
    best_epoch = run.outcome[progress.BEST_EPOCH]
    return progress.waited(epoch, best_epoch, plan.patience), best


def train_serial(course):
    """One network from its parameters to its curves and outcome; in place.

    Stops at the first epoch with a loss, a gradient, parameters or a state of the
    optimizer that is not finite, or after `patience` epochs without a better validation
    loss, whose best parameters it then restores (Prechelt 1998, section 2).
    """
    course = borrowed(course)
    began, best, run = now(), math.inf, course.run
    start_run(run, course.scratch)
    for epoch in range(course.plan.epochs):
        resume(course, epoch)
        sums = train_epoch(course, epoch)
        run.outcome[progress.EPOCHS] = epoch + 1
        if not note_epoch(course, epoch, sums):
            run.outcome[progress.STATUS] = progress.DIVERGED
            break
        over, best = stops(course, epoch, best)
        if over:
            run.outcome[progress.STATUS] = progress.STOPPED_EARLY
            break
    if course.plan.patience > 0 and run.outcome[progress.BEST_EPOCH] > 0:
        copy(run.params, run.best)
    run.outcome[progress.SECONDS] = now() - began
