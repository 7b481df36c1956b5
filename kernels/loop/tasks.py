"""What the threads of a team do: spans of rows, parts of parameters, validation rows.

Each task writes to places of its own, and sums over tasks are added in their order, so
a result does not depend on how many threads there are or which one did what.
"""

from .. import table
from ..elementwise import copy
from ..functions import call_loss, call_score, call_task
from ..jit import inner
from ..views import borrowed, matrix
from ..watch import watch_rows
from . import batch, team
from .backprop import (
    backward_layer,
    forward_layer,
    forward_loss,
    loss_of,
    pass_back,
    run_layers,
    settle_layer,
)
from .batch import begin_pass, gather
from .parts import norm_of, part_gradient, update_part
from .team import claim, close_phase, finish_task, open_phase, pause
from .workspace import Span, delta, output, targets_of

# Kinds of tasks: of spans, through all layers; ...
FORWARD_BACKWARD, GRADIENTS, UPDATE, VALIDATION = range(4)
# ... and of one layer after the other, as its CUT says.
GATHER, FORWARD, LOSS, SETTLE, BACKWARD, WATCH = range(4, 10)
ALIGN = 64  # columns: blocks begin on cache lines of their own


@inner
def span_of(plan, index, rows):
    """The rows of a piece that belong to a span; none behind the last."""
    each = (plan.piece + plan.spans - 1) // plan.spans
    first = min(index * each, rows)
    return Span(index, first, min(each, rows - first))


@inner
def rows_of_batch(course, index):
    """The `Span` of the batch of a task."""
    return span_of(course.plan, index, course.scratch.batch[batch.ROWS])


@inner
def gather_span(course, start, span):
    """The inputs and targets of a span; start: the order's place of row 0."""
    scratch, data, index = course.scratch, course.data, course.index
    gather(scratch.work, data.x[index], data.y[index], scratch.order, start, span)


@inner
def note_loss(course, index, sums):
    """Keep a task's sums of losses and scores."""
    course.scratch.sums[index, 0], course.scratch.sums[index, 1] = sums


@inner
def pass_rows(course, index):
    """Forward, loss and backward of one span of the batch; leaves all deltas."""
    net, model, scratch = course.net, course.functions.model, course.scratch
    work, p, span = scratch.work, course.run.params, rows_of_batch(course, index)
    note_loss(course, index, (0.0, 0.0))
    if span.rows == 0:
        return
    gather_span(course, scratch.batch[batch.START], span)
    scale = begin_pass(course.plan, scratch.batch, work, index, span.first)
    note_loss(course, index, forward_loss(net, model, p, work, span, scale))
    for layer in range(net.segments[-1] - 1, -1, -1):
        backward_layer(net, model, p, work, span, layer)
        watch_rows(net, model, work, scratch.watch, span, layer)


@inner
def gather_rows(course, index):
    """The rows of one span of the batch, and the key of its draws."""
    scratch, span = course.scratch, rows_of_batch(course, index)
    gather_span(course, scratch.batch[batch.START], span)
    begin_pass(course.plan, scratch.batch, scratch.work, index, span.first)


@inner
def block_of(plan, index, width):
    """(first, count) of a block of a layer's columns; empty behind the last."""
    each = (width + plan.blocks * ALIGN - 1) // (plan.blocks * ALIGN) * ALIGN
    first = min(index * each, width)
    return first, min(each, width - first)


@inner
def tasks_of(course, layer):
    """How many tasks a layer is cut into."""
    cut, plan = course.net.table[layer, table.CUT], course.plan
    if cut == table.BY_COLUMNS:
        return plan.blocks
    return plan.spans if cut == table.BY_ROWS else 1


@inner
def share_of(course, index, width):
    """The rows and the columns (of a matrix so wide) of one task of the layer."""
    scratch, plan = course.scratch, course.plan
    cut = course.net.table[scratch.batch[batch.LAYER], table.CUT]
    if cut == table.BY_ROWS:
        return rows_of_batch(course, index), (0, width)
    span = Span(0, 0, scratch.batch[batch.ROWS])
    if cut == table.BY_COLUMNS:
        return span, block_of(plan, index, width)
    return span, (0, width)


@inner
def pass_layer(course, index, kind):
    """Forward, settling or backward of one task of the layer that is shared."""
    net, model, work = course.net, course.functions.model, course.scratch.work
    layer, p = course.scratch.batch[batch.LAYER], course.run.params
    width = net.table[layer, table.ROWS if kind == BACKWARD else table.COLUMNS]
    span, block = share_of(course, index, width)
    if span.rows == 0 or (block[1] == 0 and width > 0):
        return
    if kind == FORWARD:
        forward_layer(net, model, p, work, span, layer, block)
    elif kind == SETTLE:
        settle_layer(net, model, work, span, layer, block)
    else:
        pass_back(net, model, p, work, span, layer, block)


@inner
def loss_rows(course, index):
    """Loss of one span of the batch."""
    scratch, span = course.scratch, rows_of_batch(course, index)
    note_loss(course, index, (0.0, 0.0))
    if span.rows == 0:
        return
    scale = begin_pass(course.plan, scratch.batch, scratch.work, index, span.first)
    found = loss_of(course.net, course.functions.model, scratch.work, span, scale)
    note_loss(course, index, found)


@inner
def watch_span(course, index):
    """Note all layers' rows of one span, after backward layer by layer."""
    net, scratch, span = course.net, course.scratch, rows_of_batch(course, index)
    for layer in range(net.segments[-1]):
        model = course.functions.model
        watch_rows(net, model, scratch.work, scratch.watch, span, layer)


@inner
def validate_rows(course, index):
    """Loss and score of one span of every piece of rows, without dropout or noise."""
    net, model, plan = course.net, course.functions.model, course.plan
    x, y = course.data.x_val[course.index], course.data.y_val[course.index]
    work, last = course.scratch.work, net.segments[-1]
    loss, score = 0.0, 0.0
    work.draws[index, 2] = table.EVALUATE
    for start in range(0, x.shape[0], plan.piece):
        # A piece of validation rows is cut as one of the batch: its place is as large.
        span = span_of(plan, index, min(plan.piece, x.shape[0] - start))
        if span.rows == 0:
            break
        first = start + span.first
        xb, yb = output(net, -1, work, span), targets_of(work, span)
        copy(xb, matrix(x, first * x.shape[1], span.rows, x.shape[1]))
        copy(yb, matrix(y, first * y.shape[1], span.rows, y.shape[1]))
        layers = (net.segments[0], last)
        run_layers(net, model, course.run.params, work, span, layers)
        z = output(net, last - 1, work, span)
        loss += call_loss(model.loss, delta(net, last - 1, work, span), z, yb, 0.0)
        score += call_score(model.score, z, yb)
    note_loss(course, index, (loss, score))


def run_task(course, kind, task):
    """One task of a kind."""
    course = borrowed(course)
    if kind == FORWARD_BACKWARD:
        pass_rows(course, task)
    elif kind == GRADIENTS:
        part_gradient(course, task)
    elif kind == GATHER:
        gather_rows(course, task)
    elif kind == FORWARD or kind == SETTLE or kind == BACKWARD:
        pass_layer(course, task, kind)
    elif kind == LOSS:
        loss_rows(course, task)
    elif kind == WATCH:
        watch_span(course, task)
    elif kind == UPDATE:
        update_part(course, task, norm_of(course))
    else:
        validate_rows(course, task)


@inner
def run_phase(course, kind, count):
    """All tasks of a kind, with what help there is."""
    shared, run = course.scratch.team, course.functions.task
    if shared[team.HELPERS] == 0 or count == 1:
        for task in range(count):
            call_task(run, course, kind, task)
        return
    open_phase(shared, kind, count)
    while True:
        found, task = claim(shared)
        if found == team.NOTHING:
            break
        call_task(run, course, found, task)
        finish_task(shared)
    close_phase(shared, count)


def assist(course):
    """What a helper does until it is dismissed: take tasks and do them."""
    course = borrowed(course)
    shared, spins = course.scratch.team, 0
    while True:
        kind, task = claim(shared)
        if kind == team.OVER:
            break
        if kind == team.NOTHING:
            spins = pause(spins)
            continue
        call_task(course.functions.task, course, kind, task)
        finish_task(shared)
        spins = 0
