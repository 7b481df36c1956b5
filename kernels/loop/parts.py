"""Parts of the parameters: their gradient over a batch, penalties, clipping, update."""

import math

from .. import functions, table
from ..clipping import clip
from ..elementwise import copy
from ..functions import call_absorb, call_update
from ..jit import inner
from ..penalties import add_penalty
from ..views import from_column, vector
from ..watch import watch_move
from . import batch
from .backprop import layer_gradient
from .workspace import Span, kept_of, layer_row, statistics

# Values of `Plan.update_mode`: the rule takes all parameters at once; parts, once
# the norm is known; or each part as soon as its gradient is there.
WHOLE, PARTS, AT_ONCE = range(3)


@inner
def finish_gradient(course, k):
    """Add the penalties to part k of the gradient; note its squared norm.

    A gradient at drawn targets is that of the loss alone.
    """
    scratch, plan = course.scratch, course.plan
    if scratch.batch[batch.CALL] == batch.SAMPLED:
        return
    limits = (plan.parts[k, 2], plan.parts[k, 3])
    scratch.squares[k] = add_penalty(
        scratch.grad, course.run.params, course.net.matrices, limits, plan.l1, plan.l2
    )


@inner
def advance(course, limits, norm):
    """Clip and update the parameters from limits[0] to limits[1] - 1.

    A gradient at drawn targets goes to the rule as it is, under a negative step.
    """
    plan, run, scratch = course.plan, course.run, course.scratch
    start, stop = limits
    size = stop - start
    p, g = vector(run.params, start, size), vector(scratch.grad, start, size)
    entries = scratch.batch
    calls = (entries[batch.STEP] - 1) * plan.gradients + 1
    if entries[batch.CALL] == batch.SAMPLED:
        calls = -calls
    else:
        clip(g, norm, plan.clip_norm, plan.clip_value)
        calls += entries[batch.CALL]
    watched = scratch.watch.records.shape[0] > 0
    if entries[batch.CALL] == 0 and (entries[batch.LAST] or watched):
        copy(vector(scratch.before, start, size), p)
    call_update(
        course.functions.update,
        p,
        g,
        from_column(run.state, start),
        scratch.hyper,
        calls,
        course.net.matrices,
    )


@inner
def note_move(course, k):
    """Note how far part k has moved, where it is watched."""
    scratch, parts = course.scratch, course.plan.parts
    if scratch.watch.records.shape[0] > 0:
        if scratch.batch[batch.CALL] != batch.SAMPLED:
            start, size = parts[k, 2], parts[k, 3] - parts[k, 2]
            before = vector(scratch.before, start, size)
            watch_move(scratch.watch, k, before, vector(course.run.params, start, size))


@inner
def norm_of(course):
    """The gradient's norm, from its parts in their order."""
    total = 0.0
    for k in range(course.plan.parts.shape[0]):
        total += course.scratch.squares[k]
    return math.sqrt(total)


@inner
def update_part(course, k, norm):
    """Update part k of the parameters."""
    advance(course, (course.plan.parts[k, 2], course.plan.parts[k, 3]), norm)
    note_move(course, k)


@inner
def part_gradient(course, k):
    """The gradient of part k over the whole batch; its update, if nothing forbids."""
    scratch, part = course.scratch, course.plan.parts
    rows = Span(0, 0, scratch.batch[batch.ROWS])
    place = (part[k, 0], part[k, 1], part[k, 2], part[k, 3])
    model = course.functions.model
    layer_gradient(course.net, model, scratch.grad, scratch.work, rows, place, False)
    finish_gradient(course, k)
    if course.plan.update_mode == AT_ONCE:
        update_part(course, k, 0.0)


@inner
def absorb(course):
    """Take what a batch says into the layers' statistics."""
    net, scratch = course.net, course.scratch
    rows = Span(0, 0, scratch.batch[batch.ROWS])
    for layer in range(net.segments[-1]):
        row = layer_row(net, layer)
        if row[table.TAIL_SIZE] > 0:
            call_absorb(
                course.functions.model.kinds[functions.ABSORB, row[table.KIND]],
                statistics(course.run.params, row),
                kept_of(row, scratch.work, rows),
                row,
                net.reals[layer],
            )
