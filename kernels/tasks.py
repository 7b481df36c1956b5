"""What the threads of a team do: spans of rows, parts of parameters, validation rows.

Each task writes to places of its own, and sums over tasks are added in their order, so
a result does not depend on how many threads there are or which one did what.
"""

import math

from .backprop import (
    Span,
    backward_columns,
    backward_layer,
    delta,
    forward_columns,
    forward_loss,
    layer_gradient,
    loss_of,
    output,
    run_layers,
    settle_columns,
    targets_of,
)
from .batch import (
    CALL,
    LAST,
    LAYER,
    ROWS,
    SAMPLED,
    START,
    STEP,
    begin_pass,
    gather,
)
from .clipping import clip
from .copies import copy
from .jit import inner
from .penalties import add_penalty
from .table import EVALUATE, INPUTS, OUTPUTS
from .team import (
    HELPERS,
    NOTHING,
    OVER,
    claim,
    close_phase,
    finish_task,
    open_phase,
    pause,
)
from .views import from_column, matrix, vector
from .watch import watch_move, watch_rows

# Kinds of tasks.
FORWARD_BACKWARD, GRADIENTS, UPDATE, VALIDATION = range(4)
GATHER, FORWARD_COLUMNS, LOSS, BACKWARD_COLUMNS, WATCH = range(4, 9)
ALIGN = 64  # columns: blocks begin on cache lines of their own
# Values of `Plan.apart`: the rule needs all parameters, one part, or not even the norm.
WHOLE, PARTS, AT_ONCE = range(3)


@inner
def span_of(plan, index, rows):
    """The rows of a piece that belong to a span; none behind the last."""
    each = (plan.piece + plan.spans - 1) // plan.spans
    first = min(index * each, rows)
    return Span(index, first, min(each, rows - first))


@inner
def pass_rows(net, model, plan, run, scratch, x, y, index):
    """Forward, loss and backward of one span of the batch; leaves all deltas."""
    batch, work = scratch.batch, scratch.work
    span = span_of(plan, index, batch[ROWS])
    scratch.sums[index, 0] = scratch.sums[index, 1] = 0.0
    if span.rows == 0:
        return
    gather(work, x, y, scratch.order, batch[START], span)
    scale, p = begin_pass(plan, batch, work, index, span.first), run.params
    loss, score = forward_loss(net, model, p, work, span, scale)
    scratch.sums[index, 0], scratch.sums[index, 1] = loss, score
    for layer in range(net.segments[-1] - 1, -1, -1):
        backward_layer(net, model.backward, p, work, span, layer)
        watch_rows(net, work, scratch.watch, span, layer)


@inner
def gather_rows(plan, scratch, x, y, index):
    """The inputs and targets of one span of the batch."""
    batch, work = scratch.batch, scratch.work
    span = span_of(plan, index, batch[ROWS])
    gather(work, x, y, scratch.order, batch[START], span)


@inner
def block_of(plan, index, width):
    """(first, count) of a block of a layer's columns; empty behind the last."""
    each = (width + plan.blocks * ALIGN - 1) // (plan.blocks * ALIGN) * ALIGN
    first = min(index * each, width)
    return first, min(each, width - first)


@inner
def pass_columns(net, model, plan, run, scratch, index, kind):
    """Forward or backward of one block of a dense layer's columns, for all rows."""
    batch, columns = scratch.batch, model.columns
    layer, span = batch[LAYER], Span(0, 0, batch[ROWS])
    width = net.table[layer, OUTPUTS if kind == FORWARD_COLUMNS else INPUTS]
    block = block_of(plan, index, width)
    if block[1] == 0:
        return
    if kind == FORWARD_COLUMNS:
        forward_columns(net, columns, run.params, scratch.work, span, layer, block)
    else:
        backward_columns(net, columns, run.params, scratch.work, span, layer, block)


@inner
def loss_rows(net, model, plan, scratch, index):
    """Loss of one span of the batch, and what it says of the last layer."""
    batch, work = scratch.batch, scratch.work
    span, last = span_of(plan, index, batch[ROWS]), net.segments[-1] - 1
    scratch.sums[index, 0] = scratch.sums[index, 1] = 0.0
    if span.rows == 0:
        return
    scale = begin_pass(plan, batch, work, index, span.first)
    loss, score = loss_of(net, model, work, span, scale)
    scratch.sums[index, 0], scratch.sums[index, 1] = loss, score
    block = (0, net.table[last, OUTPUTS])
    settle_columns(net, model.columns, work, span, last, block)


@inner
def watch_span(net, plan, scratch, index):
    """Note all layers' rows of one span, after backward by columns."""
    span = span_of(plan, index, scratch.batch[ROWS])
    for layer in range(net.segments[-1]):
        watch_rows(net, scratch.work, scratch.watch, span, layer)


@inner
def finish_gradient(net, plan, run, scratch, k):
    """Add the penalties to part k of the gradient; note its squared norm.

    A gradient at drawn targets is that of the loss alone.
    """
    if scratch.batch[CALL] == SAMPLED:
        return
    limits = (plan.parts[k, 2], plan.parts[k, 3])
    scratch.squares[k] = add_penalty(
        scratch.grad, run.params, net.matrices, limits, plan.l1, plan.l2
    )


@inner
def advance(net, update, plan, run, scratch, limits, norm):
    """Clip and update the parameters from limits[0] to limits[1] - 1.

    A gradient at drawn targets goes to the rule as it is, under a negative step.
    """
    start, stop = limits
    size = stop - start
    p, g = vector(run.params, start, size), vector(scratch.grad, start, size)
    batch, calls = scratch.batch, (scratch.batch[STEP] - 1) * plan.gradients + 1
    if batch[CALL] == SAMPLED:
        calls = -calls
    else:
        clip(g, norm, plan.clip_norm, plan.clip_value)
        calls += batch[CALL]
    if batch[CALL] == 0 and (batch[LAST] or scratch.watch.records.shape[0] > 0):
        copy(vector(scratch.before, start, size), p)
    update(p, g, from_column(run.state, start), scratch.hyper, calls, net.matrices)


@inner
def note_move(plan, run, scratch, k):
    """Note how far part k has moved, where it is watched."""
    if scratch.watch.records.shape[0] > 0 and scratch.batch[CALL] != SAMPLED:
        start, stop = plan.parts[k, 2], plan.parts[k, 3]
        before = vector(scratch.before, start, stop - start)
        watch_move(scratch.watch, k, before, vector(run.params, start, before.size))


@inner
def norm_of(plan, scratch):
    """The gradient's norm, from its parts in their order."""
    total = 0.0
    for k in range(plan.parts.shape[0]):
        total += scratch.squares[k]
    return math.sqrt(total)


@inner
def update_part(net, update, plan, run, scratch, k, norm):
    """Update part k of the parameters."""
    limits = (plan.parts[k, 2], plan.parts[k, 3])
    advance(net, update, plan, run, scratch, limits, norm)
    note_move(plan, run, scratch, k)


@inner
def part_gradient(net, model, update, plan, run, scratch, k):
    """The gradient of part k over the whole batch; its update, if nothing forbids."""
    rows, part = Span(0, 0, scratch.batch[ROWS]), plan.parts
    place = (part[k, 0], part[k, 1], part[k, 2], part[k, 3])
    layer_gradient(net, model.gradient, scratch.grad, scratch.work, rows, place, False)
    finish_gradient(net, plan, run, scratch, k)
    if plan.apart == AT_ONCE:
        update_part(net, update, plan, run, scratch, k, 0.0)


@inner
def validate_rows(net, model, plan, run, scratch, x, y, index):
    """Loss and score of every so many-th block of rows, without dropout or noise."""
    work, last = scratch.work, net.segments[-1]
    each = (plan.piece + plan.spans - 1) // plan.spans
    loss, score = 0.0, 0.0
    work.draws[index, 2] = EVALUATE
    for start in range(index * each, x.shape[0], plan.spans * each):
        span = Span(index, index * each, min(each, x.shape[0] - start))
        xb, yb = output(net, -1, work, span), targets_of(work, span)
        copy(xb, matrix(x, start * x.shape[1], span.rows, x.shape[1]))
        copy(yb, matrix(y, start * y.shape[1], span.rows, y.shape[1]))
        run_layers(net, model.forward, run.params, work, span, (net.segments[0], last))
        z = output(net, last - 1, work, span)
        loss += model.loss(delta(net, last - 1, work, span), z, yb, 0.0)
        score += model.score(z, yb)
    scratch.sums[index, 0], scratch.sums[index, 1] = loss, score


def run_task(net, model, update, data, plan, run, scratch, index, kind, task):
    """One task of a kind. index: which rows of `data` the network trains on."""
    if kind == FORWARD_BACKWARD:
        x, y = data.x[index], data.y[index]
        pass_rows(net, model, plan, run, scratch, x, y, task)
    elif kind == GRADIENTS:
        part_gradient(net, model, update, plan, run, scratch, task)
    elif kind == GATHER:
        gather_rows(plan, scratch, data.x[index], data.y[index], task)
    elif kind == FORWARD_COLUMNS or kind == BACKWARD_COLUMNS:
        pass_columns(net, model, plan, run, scratch, task, kind)
    elif kind == LOSS:
        loss_rows(net, model, plan, scratch, task)
    elif kind == WATCH:
        watch_span(net, plan, scratch, task)
    elif kind == UPDATE:
        norm = norm_of(plan, scratch)
        update_part(net, update, plan, run, scratch, task, norm)
    else:
        x, y = data.x_val[index], data.y_val[index]
        validate_rows(net, model, plan, run, scratch, x, y, task)


@inner
def run_phase(net, functions, data, plan, run, scratch, index, kind, count):
    """All tasks of a kind, with what help there is."""
    model, update, team = functions.model, functions.update, scratch.team
    if team[HELPERS] == 0 or count == 1:
        for task in range(count):
            functions.task(
                net, model, update, data, plan, run, scratch, index, kind, task
            )
        return
    open_phase(team, kind, count)
    while True:
        found, task = claim(team)
        if found == NOTHING:
            break
        functions.task(net, model, update, data, plan, run, scratch, index, found, task)
        finish_task(team)
    close_phase(team, count)


def assist(net, functions, data, plan, run, scratch):
    """What a helper does until it is dismissed: take tasks and do them."""
    team, spins = scratch.team, 0
    while True:
        kind, task = claim(team)
        if kind == OVER:
            break
        if kind == NOTHING:
            spins = pause(spins)
            continue
        functions.task(
            net, functions.model, functions.update, data, plan, run, scratch, 0, kind,
            task,
        )  # fmt: skip
        finish_task(team)
        spins = 0
