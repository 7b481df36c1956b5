"""The training loop: one network, or a population of them.

`train_serial` is the core, a driver: alone, or with the helpers of `train_team`, where
a batch is large enough to be shared. `train_population` gives each thread whole
networks.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import prange, types
from numba.np.ufunc import get_thread_id

from .backprop import Columns, Model, Span, Workspace
from .batch import (
    CALL,
    LAST,
    LAYER,
    ROWS,
    SAMPLED,
    START,
    STEP,
    Run,
    Scratch,
    begin_pass,
    gather,
    scale_of,
)
from .copies import copy
from .gradient import gradient
from .jit import inner, jit
from .philox import shuffle
from .schedule import warmed
from .tasks import (
    BACKWARD_COLUMNS,
    FORWARD_BACKWARD,
    FORWARD_COLUMNS,
    GATHER,
    GRADIENTS,
    LOSS,
    PARTS,
    UPDATE,
    VALIDATION,
    WATCH,
    WHOLE,
    advance,
    finish_gradient,
    norm_of,
    note_move,
    run_phase,
)
from .team import dismiss
from .views import vector
from .watch import Watch, clear, record

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
        step = after[i] - before[i]
        moved += step * step
        size += before[i] * before[i]
    return math.sqrt(moved) / max(math.sqrt(size), 1e-30)


@inner
def prepare_step(net, functions, plan, run, scratch, rows, step):
    """The hyper-parameters of a step, and what its tasks must know of its batch."""
    per_epoch = (rows + plan.batch - 1) // plan.batch
    start = (step - 1) % per_epoch * plan.batch
    factor = functions.schedule(
        step - 1, per_epoch * plan.epochs, plan.schedule, scratch.memory
    )
    copy(vector(scratch.hyper, 0, run.hyper.size), run.hyper)
    scratch.hyper[0] *= warmed(factor, step - 1, plan.warmup)
    batch = scratch.batch
    batch[START], batch[STEP] = start, step
    batch[ROWS] = min(plan.batch, rows - start)
    batch[LAST], batch[CALL] = start + plan.batch >= rows, 0


@inner
def gradient_of_pieces(net, model, plan, run, scratch, x, y):
    """The gradient of a batch, one piece after the other; loss and score in `sums`."""
    batch, work = scratch.batch, scratch.work
    loss, score = 0.0, 0.0
    for first in range(0, batch[ROWS], plan.piece):
        span = Span(0, 0, min(plan.piece, batch[ROWS] - first))
        scale = begin_pass(plan, batch, work, 0, first)
        gather(work, x, y, scratch.order, batch[START] + first, span)
        part_loss, part_score = gradient(
            net, model, run.params, scratch.grad, scratch.watch, work, span, scale,
            first > 0,
        )  # fmt: skip
        loss += part_loss
        score += part_score
    scratch.sums[0, 0], scratch.sums[0, 1] = loss, score


@inner
def step_together(net, functions, data, plan, run, scratch, index):
    """One update by spans of rows, then parts of parameters. Returns the norm."""
    parts, spans = plan.parts.shape[0], plan.spans
    if plan.blocks > 0:
        pass_by_columns(net, functions, data, plan, run, scratch, index)
    else:
        kind = FORWARD_BACKWARD
        run_phase(net, functions, data, plan, run, scratch, index, kind, spans)
    run_phase(net, functions, data, plan, run, scratch, index, GRADIENTS, parts)
    norm = norm_of(plan, scratch)
    if plan.apart == PARTS:
        run_phase(net, functions, data, plan, run, scratch, index, UPDATE, parts)
    elif plan.apart == WHOLE:
        update_whole(net, functions.update, plan, run, scratch, norm)
    return norm


@inner
def pass_by_columns(net, functions, data, plan, run, scratch, index):
    """Forward, loss and backward of a batch, each layer by blocks of its columns."""
    layers, batch, blocks = net.segments[-1], scratch.batch, plan.blocks
    run_phase(net, functions, data, plan, run, scratch, index, GATHER, plan.spans)
    kind = FORWARD_COLUMNS
    for layer in range(layers):
        batch[LAYER] = layer
        run_phase(net, functions, data, plan, run, scratch, index, kind, blocks)
    run_phase(net, functions, data, plan, run, scratch, index, LOSS, plan.spans)
    kind = BACKWARD_COLUMNS
    for layer in range(layers - 1, 0, -1):
        batch[LAYER] = layer
        run_phase(net, functions, data, plan, run, scratch, index, kind, blocks)
    if scratch.watch.records.shape[0] > 0:
        run_phase(net, functions, data, plan, run, scratch, index, WATCH, plan.spans)


@inner
def update_whole(net, update, plan, run, scratch, norm):
    """Update all parameters at once."""
    advance(net, update, plan, run, scratch, (0, run.params.size), norm)
    for k in range(plan.parts.shape[0]):
        note_move(plan, run, scratch, k)


@inner
def step_once(net, functions, data, plan, run, scratch, index, step):
    """One step. Returns loss and score sums and the norm of its first gradient.

    The one at drawn targets does not count. Its record is that of its last gradient.
    """
    prepare_step(net, functions, plan, run, scratch, data.x.shape[1], step)
    loss, score, norm = 0.0, 0.0, 0.0
    sampled = plan.sampled_every > 0 and (step - 1) % plan.sampled_every == 0
    for call in range(SAMPLED if sampled else 0, plan.gradients):
        scratch.batch[CALL] = call
        size = gradient_and_update(net, functions, data, plan, run, scratch, index)
        if call == 0:
            norm = size
            loss, score = sums_of(plan, scratch)
        if call + 1 < plan.gradients:
            clear(scratch.watch)
    rows = scratch.batch[ROWS]
    record(net, plan, scratch, step, rows, scale_of(plan, rows), loss / rows)
    return loss, score, norm


@inner
def gradient_and_update(net, functions, data, plan, run, scratch, index):
    """One gradient and one call of the rule. Returns the gradient's norm."""
    if plan.spans > 1:
        return step_together(net, functions, data, plan, run, scratch, index)
    x, y = data.x[index], data.y[index]
    gradient_of_pieces(net, functions.model, plan, run, scratch, x, y)
    for k in range(plan.parts.shape[0]):
        finish_gradient(net, plan, run, scratch, k)
    norm = norm_of(plan, scratch)
    update_whole(net, functions.update, plan, run, scratch, norm)
    return norm


@inner
def sums_of(plan, scratch):
    """Loss and score over all spans, in their order."""
    loss, score = 0.0, 0.0
    for k in range(plan.spans):
        loss += scratch.sums[k, 0]
        score += scratch.sums[k, 1]
    return loss, score


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

    Leaves the parameters to predict with in place; `resume` brings back those to train.
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
    finite = math.isfinite(ratio)
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

    index: which rows of `data` it trains on. Stops at the first epoch with a loss that
    is not finite, or after `patience` epochs without a better validation loss, whose
    best parameters it then restores (Prechelt 1998, section 2).
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
