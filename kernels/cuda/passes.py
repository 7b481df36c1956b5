"""Forward and backward of one layer of a small network, by the threads of one block.

There are no barriers inside: the caller puts one between layers. lane: of the block's
`lanes` threads; draw: (uint32[2], step), the key of random numbers.
"""

import math

import numpy as np

from .. import table
from ..activations import slope_from_input
from ..jit import inner
from ..philox import TARGETS as TARGET_STREAM
from ..philox import normal_pair_as, philox
from ..sampling import draw_target
from . import arena
from .arena import delta_place, output_place, shape_of
from .formulas import activation, activation_slope
from .layers import NUMBERS
from .losses import row_loss, row_score
from .products import IDENTITY, outer_sum, product, product_transposed
from .views import matrix, vector

DENSE, DROPOUT = NUMBERS["dense"], NUMBERS["dropout"]
ACTIVATED, NOISE = NUMBERS["activation"], NUMBERS["noise"]


@inner
def gather(network, memory, x, y, order, start, rows, lane, lanes):
    """The batch: rows order[start], ... of x and y; real[n, i], real[n, k].

    order: (int32[r, rows], run, where its rows begin in x); of run -1: as they stand.
    """
    (indices, run, first), sizes = order, network.sizes
    width, targets = x.shape[1], y.shape[1]
    xb = vector(memory, sizes[arena.OUTPUT], rows * width)
    yb = vector(memory, sizes[arena.TARGETS], rows * targets)
    for k in range(lane, rows * width, lanes):
        r = np.int64(np.uint32(k) // np.uint32(width))
        source = indices[run, start + r] if run >= 0 else start + r
        xb[k] = x[first + source, k - r * width]
    for k in range(lane, rows * targets, lanes):
        r = np.int64(np.uint32(k) // np.uint32(targets))
        source = indices[run, start + r] if run >= 0 else start + r
        yb[k] = y[first + source, k - r * targets]


@inner
def drawn(draw, number, stream, last):
    """Four random words of a step. The key is read anew: see `arena`."""
    key, step = draw
    return philox(number, step, stream, last, key[0], key[1])


@inner
def words_of(network, layer, k, across, draw):
    """Row, first column and the four random words of the k-th four columns."""
    k = np.uint32(k)
    r = np.uint32(k // np.uint32(across))
    c = (np.int64(k) - np.int64(r) * across) * 4
    stream = network.layers[layer, table.STREAM]
    return np.int64(r), c, drawn(draw, k, stream, 0)


@inner
def keep(y, x, at, word, least, scale):
    """y = x scale where the word exceeds the least, else 0; of one entry."""
    y[at] = x[at] * scale if word > least else type(scale)(0)


@inner
def dropout(network, layer, y, x, rows, draw, lane, lanes):
    """y = x keep / (1 - rate), with the words of `layers.dropout`. real[b o]."""
    width = network.layers[layer, table.OUTPUTS]
    least, scale = network.least[layer], network.settings[layer]
    across = (width + 3) >> 2
    for k in range(lane, rows * across, lanes):
        r, c, (w0, w1, w2, w3) = words_of(network, layer, k, across, draw)
        at, left = r * width + c, width - c
        keep(y, x, at, w0, least, scale)
        if left > 1:
            keep(y, x, at + 1, w1, least, scale)
        if left > 2:
            keep(y, x, at + 2, w2, least, scale)
        if left > 3:
            keep(y, x, at + 3, w3, least, scale)


@inner
def noise(network, layer, y, x, rows, draw, lane, lanes):
    """y = x + deviation N(0, 1), with the words of `layers.noise`. real[b o]."""
    width, deviation = network.layers[layer, table.OUTPUTS], network.settings[layer]
    across = (width + 3) >> 2
    for k in range(lane, rows * across, lanes):
        r, c, (w0, w1, w2, w3) = words_of(network, layer, k, across, draw)
        at, left = r * width + c, width - c
        n0, n1 = normal_pair_as(w0, w1, deviation)
        y[at] = x[at] + deviation * n0
        if left > 1:
            y[at + 1] = x[at + 1] + deviation * n1
        if left > 2:
            n2, n3 = normal_pair_as(w2, w3, deviation)
            y[at + 2] = x[at + 2] + deviation * n2
            if left > 3:
                y[at + 3] = x[at + 3] + deviation * n3


@inner
def forward(network, memory, layer, rows, draw, lane, lanes):
    """The output of a layer for the first rows of the batch."""
    row = network.layers
    n = rows * row[layer, table.OUTPUTS]
    y = vector(memory, output_place(network, layer), n)
    x = vector(
        memory, output_place(network, layer - 1), rows * row[layer, table.INPUTS]
    )
    kind, number = row[layer, table.KIND], row[layer, table.ACTIVATION]
    if kind == DENSE:
        shape = shape_of(network, layer, rows)
        w = vector(memory, row[layer, table.START], row[layer, table.SIZE])
        product(y, x, w, shape, number, lane, lanes)
    elif kind == ACTIVATED:
        for k in range(lane, n, lanes):
            y[k] = activation(number, x[k])
    elif draw[1] == table.EVALUATE:
        for k in range(lane, n, lanes):
            y[k] = x[k]
    elif kind == DROPOUT:
        dropout(network, layer, y, x, rows, draw, lane, lanes)
    elif kind == NOISE:
        noise(network, layer, y, x, rows, draw, lane, lanes)


@inner
def number_below(network, layer):
    """The activation that a dense layer ends in; the identity for another kind."""
    row = network.layers
    return row[layer, table.ACTIVATION] if row[layer, table.KIND] == DENSE else IDENTITY


@inner
def settle(network, memory, layer, rows, lane, lanes):
    """From dL/d(output) of a dense layer to dL/d(pre-activation), in its place."""
    n, number = (
        rows * network.layers[layer, table.OUTPUTS],
        number_below(network, layer),
    )
    dy = vector(memory, delta_place(network, layer), n)
    y = vector(memory, output_place(network, layer), n)
    for k in range(lane, n, lanes):
        dy[k] *= activation_slope(number, y[k])


@inner
def backward(network, memory, layer, rows, draw, lane, lanes):
    """The gradient of a layer's parameters, and the delta of the layer below."""
    row = network.layers
    kind, n = row[layer, table.KIND], rows * row[layer, table.INPUTS]
    start, size = row[layer, table.START], row[layer, table.SIZE]
    dy = vector(memory, delta_place(network, layer), rows * row[layer, table.OUTPUTS])
    x = vector(memory, output_place(network, layer - 1), n)
    shape = shape_of(network, layer, rows)
    if kind == DENSE:
        outer_sum(
            vector(memory, network.sizes[arena.GRADIENT] + start, size),
            x,
            dy,
            shape,
            lane,
            lanes,
        )
    if layer == 0:
        return
    dx = vector(memory, delta_place(network, layer - 1), n)
    if kind == DENSE:
        number, w = number_below(network, layer - 1), vector(memory, start, size)
        product_transposed(dx, dy, w, (number, x), shape, lane, lanes)
    elif kind == DROPOUT:
        dropout(network, layer, dx, dy, rows, draw, lane, lanes)
    elif kind == ACTIVATED:
        mine = row[layer, table.ACTIVATION]
        at = layer - 1 if slope_from_input(mine) else layer
        values = vector(memory, output_place(network, at), n)
        for k in range(lane, n, lanes):
            dx[k] = dy[k] * activation_slope(mine, values[k])
    elif kind == NOISE:
        for k in range(lane, n, lanes):
            dx[k] = dy[k]


@inner
def loss_of(network, memory, rows, draw, sampled, lane, lanes):
    """dL/d(output) of the rows; a thread's own sums of their losses and scores.

    sampled: at targets drawn here, see `batch.begin_pass` for the scale.
    """
    last, sizes = network.layers.shape[0] - 1, network.sizes
    width, targets = network.layers[last, table.OUTPUTS], sizes[arena.Y]
    z = matrix(memory, output_place(network, last), rows, width)
    dz = matrix(memory, delta_place(network, last), rows, width)
    y = matrix(memory, sizes[arena.TARGETS], rows, targets)
    real = memory.dtype.type
    scale = real(1) if sizes[arena.SUMMED] else real(1) / real(rows)
    if sampled:
        scale = math.sqrt(scale * real(targets))
    loss = score = real(0)
    for r in range(lane, rows, lanes):
        if sampled:
            for c in range(targets):
                words = drawn(draw, r, TARGET_STREAM, c)
                y[r, c] = draw_target(
                    z, r, c, sizes[arena.SAMPLER], words[0], words[1], real(1)
                )
        loss += row_loss(sizes[arena.LOSS], dz, z, y, r, scale)
        score += row_score(sizes[arena.LOSS], z, y, r)
    return loss, score
