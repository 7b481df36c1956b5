"""Forward, loss and backward of some rows over the layer table.

Rows do not meet on the way forward and back, so a batch may be passed in spans of rows,
one after the other or side by side. They meet in the gradients of the weights, which
are computed per layer, in parts, from what forward and backward left in the workspace.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .half import pack, unpack
from .jit import inner
from .sampling import NO_SAMPLER, SAMPLER, draw_targets
from .table import (
    DELTA,
    EVALUATE,
    FIELDS,
    INPUTS,
    KIND,
    OUTPUTS,
    PLACE,
    SIZE,
    START,
    STORE,
)
from .views import matrix, vector


class Net(NamedTuple):
    """A network as arrays.

    table: int64[layers, FIELDS]; reals: float64[layers], each layer's one setting;
    segments: int64[k + 1], the first layer of each segment, then the number of layers;
    matrices: int64[m, 3] (offset, inputs, outputs) of the weight matrices.
    """

    table: np.ndarray
    reals: np.ndarray
    segments: np.ndarray
    matrices: np.ndarray


class Columns(NamedTuple):
    """The functions of the dense layer that compute some columns, by address."""

    forward: Callable
    settle: Callable
    backward: Callable


class Model(NamedTuple):
    """The compiled functions of a network, passed by address.

    forward, backward, gradient: a tuple each, indexed by the table's KIND.
    """

    forward: tuple
    backward: tuple
    gradient: tuple
    columns: Columns
    loss: Callable
    score: Callable


class Workspace(NamedTuple):
    """Memory of a pass of up to `rows` rows; all arrays are overwritten.

    x: float[rows, i], y: float[rows, k]: the gathered rows. activations: float[rows *
    a]. deltas: float[rows * d], dL/d(output) of each layer. stored: uint16[rows * s],
    the half-precision store. draws: uint32[spans, 5], of each span: see `layers`.
    """

    x: np.ndarray
    y: np.ndarray
    activations: np.ndarray
    deltas: np.ndarray
    stored: np.ndarray
    draws: np.ndarray


class Span(NamedTuple):
    """Rows first to first + rows - 1 of a workspace; index: that of its draw."""

    index: int
    first: int
    rows: int


@inner
def output(net, layer, work, span):
    """The output of a layer, float[rows, o]; of layer -1: the input."""
    if layer < 0:
        columns = work.x.shape[1]
        return matrix(work.x, span.first * columns, span.rows, columns)
    columns = net.table[layer, OUTPUTS]
    start = net.table[layer, PLACE] * work.x.shape[0] + span.first * columns
    return matrix(work.activations, start, span.rows, columns)


@inner
def delta(net, layer, work, span):
    """dL/d(output) of a layer, float[rows, o]; of layer -1: no rows."""
    if layer < 0:
        return matrix(work.deltas, 0, 0, net.table[0, INPUTS])
    columns = net.table[layer, OUTPUTS]
    start = net.table[layer, DELTA] * work.x.shape[0] + span.first * columns
    return matrix(work.deltas, start, span.rows, columns)


@inner
def targets_of(work, span):
    """The targets of a span, float[rows, k]."""
    columns = work.y.shape[1]
    return matrix(work.y, span.first * columns, span.rows, columns)


@inner
def layer_row(net, layer):
    """A layer's line of the table, int64[FIELDS]."""
    return vector(net.table, layer * FIELDS, FIELDS)


@inner
def weights(p, row):
    """A layer's own parameters, float[SIZE]."""
    return vector(p, row[START], row[SIZE])


@inner
def draw_of(work, span):
    """The key of a span's random numbers, uint32[5]."""
    return vector(work.draws, span.index * 5, 5)


@inner
def run_layers(net, forwards, p, work, span, layers):
    """Forward through layers (first, end); half storage where the table says."""
    for layer in range(layers[0], layers[1]):
        row = layer_row(net, layer)
        y, x = output(net, layer, work, span), output(net, layer - 1, work, span)
        w, draw = weights(p, row), draw_of(work, span)
        forwards[row[KIND]](y, x, w, row, net.reals[layer], draw)
        if row[STORE] >= 0 and draw[2] != EVALUATE:
            start = row[STORE] * work.x.shape[0]
            pack(vector(work.stored, start, y.size), vector(y, 0, y.size))


@inner
def restore(net, layer, work, span):
    """Widen the stored output of a layer into its place; nothing if not stored."""
    if layer < 0 or net.table[layer, STORE] < 0:
        return
    y = output(net, layer, work, span)
    start = net.table[layer, STORE] * work.x.shape[0]
    unpack(vector(y, 0, y.size), vector(work.stored, start, y.size))


@inner
def backward_layer(net, backwards, p, work, span, layer):
    """From dL/d(output) of a layer to that of the layer below."""
    row = layer_row(net, layer)
    x, y = output(net, layer - 1, work, span), output(net, layer, work, span)
    dx, dy = delta(net, layer - 1, work, span), delta(net, layer, work, span)
    w, draw = weights(p, row), draw_of(work, span)
    backwards[row[KIND]](dx, dy, x, y, w, row, net.reals[layer], draw)


@inner
def layer_gradient(net, gradients, g, work, span, part, more):
    """The gradient of part (layer, first row, start, stop) of the parameters, in g."""
    layer, first, start, stop = part
    row = layer_row(net, layer)
    x, dz = output(net, layer - 1, work, span), delta(net, layer, work, span)
    gradients[row[KIND]](vector(g, start, stop - start), dz, x, row, first, more)


@inner
def forward_columns(net, columns, p, work, span, layer, block):
    """A block (first, count) of the columns of a dense layer's output."""
    row = layer_row(net, layer)
    y, x = output(net, layer, work, span), output(net, layer - 1, work, span)
    columns.forward(y, x, weights(p, row), row, block[0], block[1])


@inner
def settle_columns(net, columns, work, span, layer, block):
    """From dL/d(output) of a dense layer to dL/d(pre-activation), on some columns."""
    y, dy = output(net, layer, work, span), delta(net, layer, work, span)
    columns.settle(dy, y, layer_row(net, layer), block[0], block[1])


@inner
def backward_columns(net, columns, p, work, span, layer, block):
    """From dL/d(pre-activation) of a dense layer to that of the one below."""
    row = layer_row(net, layer)
    dx, dz = delta(net, layer - 1, work, span), delta(net, layer, work, span)
    columns.backward(dx, dz, weights(p, row), row, block[0], block[1])
    settle_columns(net, columns, work, span, layer - 1, block)


@inner
def loss_of(net, model, work, span, scale):
    """Scale times the loss's slope in the last delta.

    First draws the targets where the span's draw says so.
    Returns the sums of the rows' losses and of their scores.
    """
    last = net.segments[-1]
    z, dz = output(net, last - 1, work, span), delta(net, last - 1, work, span)
    y, draw = targets_of(work, span), draw_of(work, span)
    if draw[SAMPLER] != NO_SAMPLER:
        draw_targets(y, z, draw)
    return model.loss(dz, z, y, scale), model.score(z, y)


@inner
def forward_loss(net, model, p, work, span, scale):
    """Forward, then as `loss_of`."""
    layers = (net.segments[0], net.segments[-1])
    run_layers(net, model.forward, p, work, span, layers)
    return loss_of(net, model, work, span, scale)
