"""One step of training: the gradient of a batch, alone or by a team, and the update."""

from ..elementwise import copy
from ..functions import call_schedule
from ..jit import inner
from ..schedule import warmed
from ..views import vector
from ..watch import clear, record
from . import batch, parts, tasks
from .batch import begin_pass, scale_of
from .gradient import gradient
from .parts import absorb, advance, finish_gradient, norm_of, note_move
from .tasks import gather_span, note_loss, run_phase, tasks_of
from .workspace import Span


@inner
def prepare_step(course, step):
    """The hyper-parameters of a step, and what its tasks must know of its batch."""
    plan, run, scratch = course.plan, course.run, course.scratch
    rows = course.data.x.shape[1]
    per_epoch = (rows + plan.batch - 1) // plan.batch
    start = (step - 1) % per_epoch * plan.batch
    factor = call_schedule(
        course.functions.schedule,
        step - 1,
        per_epoch * plan.epochs,
        plan.schedule,
        scratch.memory,
    )
    copy(vector(scratch.hyper, 0, run.hyper.size), run.hyper)
    scratch.hyper[0] *= warmed(factor, step - 1, plan.warmup)
    entries = scratch.batch
    entries[batch.START], entries[batch.STEP] = start, step
    entries[batch.ROWS] = min(plan.batch, rows - start)
    entries[batch.LAST], entries[batch.CALL] = start + plan.batch >= rows, 0


@inner
def gradient_of_pieces(course):
    """The gradient of a batch, one piece after the other; loss and score in `sums`."""
    net, plan, scratch = course.net, course.plan, course.scratch
    work, rows = scratch.work, scratch.batch[batch.ROWS]
    start, loss, score = scratch.batch[batch.START], 0.0, 0.0
    for first in range(0, rows, plan.piece):
        span = Span(0, 0, min(plan.piece, rows - first))
        scale = begin_pass(plan, scratch.batch, work, 0, first)
        gather_span(course, start + first, span)
        part_loss, part_score = gradient(
            net,
            course.functions.model,
            course.run.params,
            scratch.grad,
            scratch.watch,
            work,
            span,
            scale,
            first > 0,
        )
        loss += part_loss
        score += part_score
    note_loss(course, 0, (loss, score))


@inner
def step_together(course):
    """One update by spans of rows, then parts of parameters. Returns the norm."""
    count, spans = course.plan.parts.shape[0], course.plan.spans
    if course.plan.blocks > 0:
        pass_by_layers(course)
    else:
        run_phase(course, tasks.FORWARD_BACKWARD, spans)
    run_phase(course, tasks.GRADIENTS, count)
    norm = norm_of(course)
    if course.plan.update_mode == parts.PARTS:
        run_phase(course, tasks.UPDATE, count)
    elif course.plan.update_mode == parts.WHOLE:
        update_whole(course, norm)
    return norm


@inner
def pass_by_layers(course):
    """Forward, loss and backward of a batch, each layer shared as its CUT says."""
    net, entries, spans = course.net, course.scratch.batch, course.plan.spans
    layers = net.segments[-1]
    run_phase(course, tasks.GATHER, spans)
    for layer in range(layers):
        entries[batch.LAYER] = layer
        run_phase(course, tasks.FORWARD, tasks_of(course, layer))
    run_phase(course, tasks.LOSS, spans)
    for layer in range(layers - 1, -1, -1):
        entries[batch.LAYER] = layer
        run_phase(course, tasks.SETTLE, tasks_of(course, layer))
        if layer > 0:
            run_phase(course, tasks.BACKWARD, tasks_of(course, layer))
    if course.scratch.watch.records.shape[0] > 0:
        run_phase(course, tasks.WATCH, spans)


@inner
def update_whole(course, norm):
    """Update all parameters at once."""
    advance(course, (0, course.scratch.grad.size), norm)
    for k in range(course.plan.parts.shape[0]):
        note_move(course, k)


@inner
def step_once(course, step):
    """One step. Returns loss and score sums and the norm of its first gradient.

    The one at drawn targets does not count. Its record is that of its last gradient.
    """
    prepare_step(course, step)
    plan, scratch = course.plan, course.scratch
    loss, score, norm = 0.0, 0.0, 0.0
    sampled = plan.sampled_every > 0 and (step - 1) % plan.sampled_every == 0
    for call in range(batch.SAMPLED if sampled else 0, plan.gradients):
        scratch.batch[batch.CALL] = call
        size = gradient_and_update(course)
        if call == 0:
            norm = size
            loss, score = sums_of(course)
            absorb(course)
        if call + 1 < plan.gradients:
            clear(scratch.watch)
    rows = scratch.batch[batch.ROWS]
    scale = scale_of(plan, rows)
    record(course.net, plan, scratch, step, rows, scale, loss / rows)
    return loss, score, norm


@inner
def gradient_and_update(course):
    """One gradient and one call of the rule. Returns the gradient's norm."""
    if course.plan.spans > 1:
        return step_together(course)
    gradient_of_pieces(course)
    for k in range(course.plan.parts.shape[0]):
        finish_gradient(course, k)
    norm = norm_of(course)
    update_whole(course, norm)
    return norm


@inner
def sums_of(course):
    """Loss and score over all spans, in their order."""
    loss, score = 0.0, 0.0
    for k in range(course.plan.spans):
        loss += course.scratch.sums[k, 0]
        score += course.scratch.sums[k, 1]
    return loss, score
