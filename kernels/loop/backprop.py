"""Forward, loss and backward of some rows over the layer table.

A batch is passed in spans of rows, one after the other or side by side, where rows do
not meet; each layer reads the outputs of one or two others. Rows meet in the gradients
of the weights, which are computed per layer, in parts, from what forward and backward
left in the workspace.
"""

from .. import functions, sampling, table
from ..functions import (
    call_backward,
    call_forward,
    call_gradient,
    call_loss,
    call_score,
    call_settle,
)
from ..half import pack, unpack
from ..jit import inner
from ..sampling import draw_targets
from ..views import matrix, vector
from .workspace import (
    delta,
    draw_of,
    kept_of,
    layer_row,
    output,
    rows_at,
    statistics,
    targets_of,
    weights,
)


@inner
def accumulate(out, x, more):
    """out = x, plus out where `more`. float[b, o]."""
    total, part = vector(out, 0, out.size), vector(x, 0, x.size)
    if more:
        for k in range(total.size):
            total[k] += part[k]
    else:
        for k in range(total.size):
            total[k] = part[k]


@inner
def accumulate_columns(out, x, width, first, count):
    """Columns of out += x, both seen as float[., width]."""
    rows = x.size // width
    total, part = matrix(out, 0, rows, width), matrix(x, 0, rows, width)
    for r in range(rows):
        for c in range(first, first + count):
            total[r, c] += part[r, c]


@inner
def forward_layer(net, model, p, work, span, layer, block):
    """The output of a layer; block: (first, count) of the columns of its matrix."""
    row = layer_row(net, layer)
    source, second = row[table.SOURCE], row[table.SECOND]
    y, x = output(net, layer, work, span), output(net, source, work, span)
    call_forward(
        model.kinds[functions.FORWARD, row[table.KIND]],
        y,
        kept_of(row, work, span),
        x,
        weights(p, row),
        statistics(p, row),
        row,
        net.reals[layer],
        draw_of(work, span),
        block[0],
        block[1],
    )
    if second != table.NO_SECOND:
        accumulate(y, output(net, second, work, span), True)


@inner
def run_layers(net, model, p, work, span, layers):
    """Forward through layers (first, end); stored where the table says so."""
    for layer in range(layers[0], layers[1]):
        row = layer_row(net, layer)
        forward_layer(net, model, p, work, span, layer, (0, row[table.COLUMNS]))
        stored, training = row[table.STORE] >= 0, draw_of(work, span)[2]
        if stored and training != table.EVALUATE:
            y = output(net, layer, work, span)
            start = row[table.STORE] * work.x.shape[0]
            stored = vector(work.stored, start, y.size)
            pack(stored, vector(y, 0, y.size), row[table.FORMAT])


@inner
def restore(net, layer, work, span):
    """Widen the stored output of a layer into its place; nothing if not stored."""
    if layer < 0 or net.table[layer, table.STORE] < 0:
        return
    y = output(net, layer, work, span)
    start = net.table[layer, table.STORE] * work.x.shape[0]
    stored = vector(work.stored, start, y.size)
    unpack(vector(y, 0, y.size), stored, net.table[layer, table.FORMAT])


@inner
def settle_layer(net, model, work, span, layer, block):
    """From dL/d(output) of a layer to dL/d(pre-activation), on a block of columns."""
    row = layer_row(net, layer)
    y, dy = output(net, layer, work, span), delta(net, layer, work, span)
    call_settle(
        model.kinds[functions.SETTLE, row[table.KIND]], dy, y, row, block[0], block[1]
    )


@inner
def pass_back(net, model, p, work, span, layer, block):
    """From dL/d(pre-activation) of a layer to the deltas of those it reads.

    block: (first, count) of the rows of its matrix. What another layer has begun is
    added to.
    """
    row = layer_row(net, layer)
    source, second = row[table.SOURCE], row[table.SECOND]
    x, y = output(net, source, work, span), output(net, layer, work, span)
    dz, dx = delta(net, layer, work, span), delta(net, source, work, span)
    if second >= 0:
        accumulate(delta(net, second, work, span), dz, row[table.MORE_SECOND])
    total, more = dx, row[table.MORE]
    if more:
        dx = rows_at(work.deltas, net.spare, row[table.INPUTS], work, span)
    call_backward(
        model.kinds[functions.BACKWARD, row[table.KIND]],
        dx,
        dz,
        kept_of(row, work, span),
        x,
        y,
        weights(p, row),
        row,
        net.reals[layer],
        draw_of(work, span),
        block[0],
        block[1],
    )
    if more:
        width = row[table.ROWS]
        if block[1] < width:
            accumulate_columns(total, dx, width, block[0], block[1])
        else:
            accumulate(total, dx, True)


@inner
def backward_layer(net, model, p, work, span, layer):
    """From dL/d(output) of a layer to the deltas of those it reads."""
    row = layer_row(net, layer)
    settle_layer(net, model, work, span, layer, (0, row[table.COLUMNS]))
    pass_back(net, model, p, work, span, layer, (0, row[table.ROWS]))


@inner
def layer_gradient(net, model, g, work, span, part, more):
    """The gradient of part (layer, first row, start, stop) of the parameters, in g."""
    layer, first, start, stop = part
    row = layer_row(net, layer)
    x, y = output(net, row[table.SOURCE], work, span), output(net, layer, work, span)
    call_gradient(
        model.kinds[functions.GRADIENT, row[table.KIND]],
        vector(g, start, stop - start),
        delta(net, layer, work, span),
        kept_of(row, work, span),
        x,
        y,
        row,
        first,
        more,
    )


@inner
def loss_of(net, model, work, span, scale):
    """Scale times the loss's slope in the last delta.

    First draws the targets where the span's draw says so.
    Returns the sums of the rows' losses and of their scores.
    """
    last = net.segments[-1]
    z, dz = output(net, last - 1, work, span), delta(net, last - 1, work, span)
    y, draw = targets_of(work, span), draw_of(work, span)
    if draw[sampling.SAMPLER] != sampling.NO_SAMPLER:
        draw_targets(y, z, draw)
    return call_loss(model.loss, dz, z, y, scale), call_score(model.score, z, y)


@inner
def forward_loss(net, model, p, work, span, scale):
    """Forward, then as `loss_of`."""
    layers = (net.segments[0], net.segments[-1])
    run_layers(net, model, p, work, span, layers)
    return loss_of(net, model, work, span, scale)
