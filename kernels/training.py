"""The training loop: one network, or a population of them.

`train_serial` is the core; with `pieces.sharded_gradient` as its gradient it trains one
network on many threads. `train_population` gives each thread whole networks.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import prange, types
from numba.np.ufunc import get_thread_id

from .backprop import Model, Workspace
from .clipping import clip
from .copies import copy
from .jit import inner, jit
from .penalties import add_penalty
from .philox import shuffle
from .pieces import Scratch, select
from .schedules import warmed

# Rows of the curves, and of a run's outcome.
TRAIN_LOSS, VAL_LOSS, TRAIN_METRIC, VAL_METRIC, GRADIENT_NORM, UPDATE_RATIO = range(6)
CURVES = 6
STATUS, EPOCHS, BEST_EPOCH, SECONDS = range(4)
OUTCOMES = 4
OK, DIVERGED, STOPPED_EARLY = 0.0, 1.0, 2.0

_clock_gettime = types.ExternalFunction(
    "clock_gettime", types.int32(types.int32, types.voidptr)
)


class Functions(NamedTuple):
    """What the loop calls by address: a model's passes, an optimizer, a schedule."""

    model: Model
    gradient: Callable
    evaluate: Callable
    update: Callable
    schedule: Callable


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


class Plan(NamedTuple):
    """The settings of a training, all scalars but the schedule's options.

    epochs, batch (rows), warmup (steps), patience (epochs, 0: no early stopping):
    int64. summed: 1 sums the rows' gradients, 0 averages. l1, l2, clip_norm,
    clip_value, min_delta: float64, 0 for none. schedule: float64[k].
    """

    epochs: int
    batch: int
    warmup: int
    patience: int
    summed: int
    l1: float
    l2: float
    clip_norm: float
    clip_value: float
    min_delta: float
    schedule: np.ndarray


class Run(NamedTuple):
    """What one training reads and writes; of a population, each with a first axis.

    seed: uint32[2]; hyper: float64[k]; params: float[n]; state: float[slots, n];
    best: float[n], the parameters kept by early stopping (0 without); curves:
    float64[CURVES, epochs]; outcome: float64[OUTCOMES].
    """

    seed: np.ndarray
    hyper: np.ndarray
    params: np.ndarray
    state: np.ndarray
    best: np.ndarray
    curves: np.ndarray
    outcome: np.ndarray


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
        step = after[i] - before[i]
        moved += step * step
        size += before[i] * before[i]
    return math.sqrt(moved) / max(math.sqrt(size), 1e-30)


@inner
def step_once(net, functions, plan, run, scratch, x, y, start, step):
    """One update. Returns the batch's loss and score sums and its gradient norm."""
    rows = min(plan.batch, x.shape[0] - start)
    scale = 1.0 if plan.summed else 1.0 / rows
    loss, score = functions.gradient(
        net, functions.model, run.params, scratch, x, y, (start, rows, step, scale)
    )
    g = scratch.grads[0]
    if plan.l1 > 0.0 or plan.l2 > 0.0:
        add_penalty(g, run.params, net.matrices, plan.l1, plan.l2)
    norm = clip(g, plan.clip_norm, plan.clip_value)
    per_epoch = (x.shape[0] + plan.batch - 1) // plan.batch
    factor = functions.schedule(step - 1, per_epoch * plan.epochs, plan.schedule)
    copy(scratch.hyper, run.hyper)
    scratch.hyper[0] *= warmed(factor, step - 1, plan.warmup)
    if start + rows >= x.shape[0]:
        copy(scratch.before, run.params)
    functions.update(run.params, g, run.state, scratch.hyper, step, net.matrices)
    return loss, score, norm


@inner
def train_epoch(net, functions, plan, run, scratch, x, y, epoch):
    """All batches of an epoch. Returns mean loss, summed score, mean gradient norm."""
    rows = x.shape[0]
    per_epoch = (rows + plan.batch - 1) // plan.batch
    if per_epoch > 1:
        shuffle(scratch.order, epoch, run.seed[0], run.seed[1])
    total_loss, total_score, total_norm = 0.0, 0.0, 0.0
    for k in range(per_epoch):
        step = epoch * per_epoch + k + 1
        loss, score, norm = step_once(
            net, functions, plan, run, scratch, x, y, k * plan.batch, step
        )
        total_loss += loss
        total_score += score
        total_norm += norm
        if not math.isfinite(loss):
            break
    return total_loss / rows, total_score, total_norm / per_epoch


@inner
def note_epoch(net, functions, data, run, scratch, index, epoch, sums):
    """Write an epoch's column of the curves; True while all of it is finite."""
    loss, score, norm = sums
    metric = data.train_metric[index]
    column = run.curves[:, epoch]
    column[TRAIN_LOSS] = loss
    column[TRAIN_METRIC] = metric[0] + metric[1] * score
    column[GRADIENT_NORM] = norm
    # An epoch broken off has no last step to compare with.
    ratio = update_ratio(scratch.before, run.params) if math.isfinite(loss) else np.nan
    column[UPDATE_RATIO] = ratio
    finite = math.isfinite(ratio)
    if data.x_val.shape[1] > 0:
        work = select(scratch.pieces, 0)
        x, y = data.x_val[index], data.y_val[index]
        loss, score = functions.evaluate(net, functions.model, run.params, work, x, y)
        metric = data.val_metric[index]
        column[VAL_LOSS] = loss
        column[VAL_METRIC] = metric[0] + metric[1] * score
        finite = finite and math.isfinite(loss)
    return finite


@inner
def start_run(run, scratch):
    """Reset what a training writes: curves, outcome, row order, random keys."""
    run.curves[:] = np.nan
    run.outcome[:] = 0.0
    for r in range(scratch.order.size):
        scratch.order[r] = r
    for k in range(scratch.pieces.draw.shape[0]):
        scratch.pieces.draw[k, 0] = run.seed[0]
        scratch.pieces.draw[k, 1] = run.seed[1]


def train_serial(net, functions, data, plan, run, scratch, index):
    """One network from its parameters to its curves and outcome; in place.

    index: which rows of `data` it trains on. Stops at the first epoch with a loss that
    is not finite, or after `patience` epochs without a better validation loss, whose
    best parameters it then restores (Prechelt 1998, section 2).
    """
    began, best = now(), math.inf
    start_run(run, scratch)
    x, y = data.x[index], data.y[index]
    for epoch in range(plan.epochs):
        sums = train_epoch(net, functions, plan, run, scratch, x, y, epoch)
        run.outcome[EPOCHS] = epoch + 1
        if not note_epoch(net, functions, data, run, scratch, index, epoch, sums):
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
    pieces = stacked.pieces
    return Scratch(
        stacked.grads[index],
        stacked.before[index],
        stacked.hyper[index],
        stacked.order[index],
        stacked.sums[index],
        Workspace(
            pieces.x[index],
            pieces.y[index],
            pieces.activations[index],
            pieces.deltas[index],
            pieces.stored[index],
            pieces.draw[index],
        ),
    )


@jit(parallel=True)
def train_population(train_one, net, functions, data, plan, runs, scratches):
    """Every network of a population, each whole on one thread; in place.

    train_one: `train_serial`, by address. scratches: one per thread, stacked. data: one
    set for all, or one per run.
    """
    shared = data.x.shape[0] == 1
    # prange takes tuples apart one level deep: nested ones are put together inside.
    model, gradient, evaluate, update, schedule = functions
    forward, backward, loss, score = model
    grads, before, hyper, order, sums, pieces = scratches
    px, py, activations, deltas, stored, draw = pieces
    for k in prange(runs.params.shape[0]):
        index = np.int64(k)
        passes = Model(forward, backward, loss, score)
        whole = Functions(passes, gradient, evaluate, update, schedule)
        work = Workspace(px, py, activations, deltas, stored, draw)
        stacked = Scratch(grads, before, hyper, order, sums, work)
        scratch = select_scratch(stacked, get_thread_id())
        run = select_run(runs, index)
        train_one(net, whole, data, plan, run, scratch, 0 if shared else index)
