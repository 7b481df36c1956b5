"""One step of training: the gradient of a batch, alone or by a team, and the update."""

from .backprop import Span
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
    scale_of,
)
from .copies import copy
from .gradient import gradient
from .jit import inner
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
    WATCH,
    WHOLE,
    advance,
    finish_gradient,
    norm_of,
    note_move,
    run_phase,
)
from .views import vector
from .watch import clear, record


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
