"""The gradient of one piece of a batch: forward, loss, backward over the layer table.

Layers are grouped in segments. Outputs at the end of a segment stay in the workspace;
those inside share their places with other segments' and are computed again when
backward reaches them (activation checkpointing: Griewank & Walther 2000, "Algorithm
799: Revolve"; Chen et al. 2016, section 4.1). One segment means that nothing is
computed twice.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .half import pack, unpack
from .jit import inner, jit
from .table import EVALUATE, INPUTS, KIND, OUTPUTS, PLACE, SIZE, START, STORE


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


class Model(NamedTuple):
    """The compiled functions of a network, passed by address.

    forward, backward: a tuple each, indexed by the table's KIND.
    """

    forward: tuple
    backward: tuple
    loss: Callable
    score: Callable


class Workspace(NamedTuple):
    """Memory of one piece of a batch of up to `rows` rows; all arrays are overwritten.

    x: float[rows, i], y: float[rows, k]: the gathered rows. activations: float[rows *
    a]. deltas: float[2, rows * widest]. stored: uint16[rows * s], the half-precision
    store. draw: uint32[4], see `layers`.
    """

    x: np.ndarray
    y: np.ndarray
    activations: np.ndarray
    deltas: np.ndarray
    stored: np.ndarray
    draw: np.ndarray


@inner
def output(net, layer, x, work, rows):
    """The output of a layer, float[rows, o]; of layer -1: the input."""
    if layer < 0:
        return x[:rows]
    columns = net.table[layer, OUTPUTS]
    start = net.table[layer, PLACE] * work.x.shape[0]
    return work.activations[start : start + rows * columns].reshape(rows, columns)


@inner
def delta(work, layer, rows, columns):
    """dL/d(output) of a layer, float[rows, columns]; layers alternate in two places."""
    return work.deltas[layer % 2, : rows * columns].reshape(rows, columns)


@inner
def run_layers(net, forwards, p, x, work, first, last):
    """Forward through layers first to last - 1; half storage where the table says."""
    rows, capacity = x.shape[0], work.x.shape[0]
    for layer in range(first, last):
        row = net.table[layer]
        y = output(net, layer, x, work, rows)
        below = output(net, layer - 1, x, work, rows)
        w = p[row[START] : row[START] + row[SIZE]]
        forwards[row[KIND]](y, below, w, row, net.reals[layer], work.draw)
        if row[STORE] >= 0 and work.draw[2] != EVALUATE:
            start = row[STORE] * capacity
            pack(work.stored[start : start + y.size], y.reshape(y.size))


@inner
def restore(net, layer, x, work, rows):
    """Widen the stored output of a layer into its place; nothing if not stored."""
    if layer < 0 or net.table[layer, STORE] < 0:
        return
    y = output(net, layer, x, work, rows)
    start = net.table[layer, STORE] * work.x.shape[0]
    unpack(y.reshape(y.size), work.stored[start : start + y.size])


@inner
def backward_layer(net, backwards, p, g, x, work, layer):
    """Backward through one layer: from deltas[layer % 2] to the other, and into g."""
    rows, row = x.shape[0], net.table[layer]
    below = output(net, layer - 1, x, work, rows)
    y = output(net, layer, x, work, rows)
    part = slice(row[START], row[START] + row[SIZE])
    dy = delta(work, layer, rows, row[OUTPUTS])
    dx = delta(work, layer + 1, rows if layer > 0 else 0, row[INPUTS])
    backwards[row[KIND]](
        dx, g[part], dy, below, y, p[part], row, net.reals[layer], work.draw
    )


@jit
def piece_gradient(net, model, p, g, x, y, work, scale):
    """g = scale times the summed gradient of the rows' losses.

    x: float[rows, i], y: float[rows, k], contiguous; g: float[n], overwritten. Returns
    the sums of the losses and of the scores.
    """
    rows, layers = x.shape[0], net.segments[-1]
    run_layers(net, model.forward, p, x, work, net.segments[0], layers)
    z = output(net, layers - 1, x, work, rows)
    dz = delta(work, layers - 1, rows, z.shape[1])
    loss = model.loss(dz, z, y, scale)
    score = model.score(z, y)
    for segment in range(net.segments.size - 2, -1, -1):
        first, last = net.segments[segment], net.segments[segment + 1]
        if last < layers:
            run_layers(net, model.forward, p, x, work, first, last - 1)
        for layer in range(last - 1, first - 1, -1):
            restore(net, layer - 1, x, work, rows)
            backward_layer(net, model.backward, p, g, x, work, layer)
    return loss, score
