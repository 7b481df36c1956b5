"""The training loop: all epochs of one network, from its parameters to its curves.

`train_serial` is the core, a driver: alone, or with a team where a batch is large
enough to be shared. `drivers` puts it on threads.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import types

from .backprop import Model
from .batch import STEP
from .copies import copy
from .jit import inner, jit
from .penalties import square
from .philox import shuffle
from .step import step_once, sums_of
from .tasks import VALIDATION, run_phase
from .views import vector
from .watch import clear

# Rows of the curves, and of a run's outcome.
TRAIN_LOSS, VAL_LOSS, TRAIN_METRIC, VAL_METRIC, GRADIENT_NORM, UPDATE_RATIO = range(6)
CURVES = 6
STATUS, EPOCHS, BEST_EPOCH, SECONDS = range(4)
OUTCOMES = 4
OK, DIVERGED, STOPPED_EARLY = 0.0, 1.0, 2.0
# A loss this many times the first epoch's counts as divergence, like NaN and infinity.
DIVERGENCE_BOUND = 10.0

_clock_gettime = types.ExternalFunction(
    "clock_gettime", types.int32(types.int32, types.voidptr)
)


class Functions(NamedTuple):
    """What the loop calls by address: a model's passes, tasks, an optimizer's rules."""

    model: Model
    task: Callable
    update: Callable
    schedule: Callable
    observe: Callable
    average: Callable


class Data(NamedTuple):
    """Rows of every run, or one set for all (first axis of length 1).

    x: float[d, rows, i], y: float[d, rows, k]; x_val, y_val likewise, of 0 rows if
    none. train_metric, val_metric: float64[d, 2], the metric is [0] + [1] * sum of
    scores.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    train_metric: np.ndarray
    val_metric: np.ndarray


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
def all_finite(state):
    """Is every number that an optimizer keeps finite? state: float[slots, n]."""
    bad, flat = 0, vector(state, 0, state.size)
    for i in range(flat.size):
        bad += 0 if math.isfinite(flat[i]) else 1
    return bad == 0


@inner
def train_epoch(net, functions, data, plan, run, scratch, index, epoch):
    """All batches of an epoch. Returns mean loss, summed score, mean gradient norm."""
    rows = data.x.shape[1]
    per_epoch = (rows + plan.batch - 1) // plan.batch
    if per_epoch > 1:
        shuffle(scratch.order, epoch, run.seed[0], run.seed[1])
    total_loss, total_score, total_norm = 0.0, 0.0, 0.0
    for k in range(per_epoch):
        step = epoch * per_epoch + k + 1
        loss, score, norm = step_once(
            net, functions, data, plan, run, scratch, index, step
        )
        total_loss += loss
        total_score += score
        total_norm += norm
        if not math.isfinite(loss):
            break
    return total_loss / rows, total_score, total_norm / per_epoch


@inner
def note_epoch(net, functions, data, plan, run, scratch, index, epoch, sums):
    """Write an epoch's column of the curves; True while all of it is finite.

    So must be what the optimizer keeps: an infinite square of a gradient stops its
    parameter for ever, at a loss that looks well. Leaves the parameters to predict with
    in place; `resume` brings back those to train.
    """
    loss, score, norm = sums
    metric = data.train_metric[index]
    column = run.curves[:, epoch]
    column[TRAIN_LOSS] = loss
    column[TRAIN_METRIC] = metric[0] + metric[1] * score
    column[GRADIENT_NORM] = norm
    # An epoch broken off has no last step to compare with.
    ratio = update_ratio(scratch.before, run.params) if math.isfinite(loss) else np.nan
    column[UPDATE_RATIO] = ratio
    finite = math.isfinite(ratio) and math.isfinite(norm) and all_finite(run.state)
    if plan.averages:
        calls = scratch.batch[STEP] * plan.gradients
        copy(scratch.before, run.params)
        functions.average(
            run.params, scratch.before, run.state, scratch.hyper, calls, net.matrices
        )
    if data.x_val.shape[1] > 0:
        run_phase(
            net, functions, data, plan, run, scratch, index, VALIDATION, plan.spans
        )
        loss, score = sums_of(plan, scratch)
        loss /= data.x_val.shape[1]
        metric = data.val_metric[index]
        column[VAL_LOSS] = loss
        column[VAL_METRIC] = metric[0] + metric[1] * score
        finite = finite and math.isfinite(loss)
    functions.observe(scratch.memory, loss, plan.schedule)
    return finite


@inner
def resume(plan, run, scratch, epoch):
    """The parameters to train, after an epoch that left those to predict with."""
    if plan.averages and epoch > 0:
        copy(run.params, scratch.before)


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


def train_serial(net, functions, data, plan, run, scratch, index):
    """One network from its parameters to its curves and outcome; in place.

    index: which rows of `data` it trains on. Stops at the first epoch with a loss, a
    gradient, parameters or a state of the optimizer that is not finite, or after
    `patience` epochs without a better validation loss, whose best parameters it then
    restores (Prechelt 1998, section 2).
    """
    began, best = now(), math.inf
    start_run(run, scratch)
    for epoch in range(plan.epochs):
        resume(plan, run, scratch, epoch)
        sums = train_epoch(net, functions, data, plan, run, scratch, index, epoch)
        run.outcome[EPOCHS] = epoch + 1
        if not note_epoch(net, functions, data, plan, run, scratch, index, epoch, sums):
            run.outcome[STATUS] = DIVERGED
            break
        if plan.patience > 0:
            if run.curves[VAL_LOSS, epoch] < best - plan.min_delta:
                best = run.curves[VAL_LOSS, epoch]
                run.outcome[BEST_EPOCH] = epoch + 1
                copy(run.best, run.params)
            elif epoch + 1 - run.outcome[BEST_EPOCH] >= plan.patience:
                run.outcome[STATUS] = STOPPED_EARLY
                break
    if plan.patience > 0 and run.outcome[BEST_EPOCH] > 0:
        copy(run.params, run.best)
    run.outcome[SECONDS] = now() - began
