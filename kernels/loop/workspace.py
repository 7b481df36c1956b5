"""What a pass works on: the network as arrays, and the places of its layers' parts."""

from typing import NamedTuple

import numpy as np

from .. import table
from ..jit import inner
from ..views import matrix, vector


class Net(NamedTuple):
    """A network as arrays.

    table: int64[layers, FIELDS]; reals: float64[layers], each layer's one setting;
    segments: int64[k + 1], the first layer of each segment, then the number of layers;
    matrices: int64[m, 3] (offset, inputs, outputs) of the weight matrices; spare:
    columns behind which deltas are put that are added to others.
    """

    table: np.ndarray
    reals: np.ndarray
    segments: np.ndarray
    matrices: np.ndarray
    spare: int


class Model(NamedTuple):
    """The compiled functions of a network, by address.

    kinds: int64[LAYER_ROLES, kinds], column by the table's KIND.
    """

    kinds: np.ndarray
    loss: int
    score: int


class Workspace(NamedTuple):
    """Memory of a pass of up to `rows` rows; all arrays are overwritten.

    x: float[rows, i], y: float[rows, k]: the gathered rows. activations: float[rows *
    a], each layer's output, and what it keeps. deltas: float[rows * d], dL/d(output) of
    each layer. stored: uint16[rows * s], numbers in two bytes. draws: uint32[spans, 5],
    of each span: see `Kind`.
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
def layer_row(net, layer):
    """A layer's line of the table, int64[FIELDS]."""
    return vector(net.table, layer * table.FIELDS, table.FIELDS)


@inner
def rows_at(array, place, columns, work, span):
    """The rows of a span in a part of the workspace, float[rows, columns]."""
    start = place * work.x.shape[0] + span.first * columns
    return matrix(array, start, span.rows, columns)


@inner
def output(net, layer, work, span):
    """The output of a layer, float[rows, o]; of layer -1: the input."""
    if layer < 0:
        return rows_at(work.x, 0, work.x.shape[1], work, span)
    row = layer_row(net, layer)
    return rows_at(work.activations, row[table.PLACE], row[table.OUTPUTS], work, span)


@inner
def kept_of(row, work, span):
    """What a layer keeps for backward, float[rows, KEPT_SIZE]."""
    place, columns = row[table.KEPT], row[table.KEPT_SIZE]
    return rows_at(work.activations, place, columns, work, span)


@inner
def delta(net, layer, work, span):
    """dL/d(output) of a layer, float[rows, o]; of layer -1: no rows."""
    if layer < 0:
        return matrix(work.deltas, 0, 0, net.table[0, table.INPUTS])
    row = layer_row(net, layer)
    return rows_at(work.deltas, row[table.DELTA], row[table.OUTPUTS], work, span)


@inner
def targets_of(work, span):
    """The targets of a span, float[rows, k]."""
    return rows_at(work.y, 0, work.y.shape[1], work, span)


@inner
def weights(p, row):
    """A layer's own parameters, float[SIZE]."""
    return vector(p, row[table.START], row[table.SIZE])


@inner
def statistics(p, row):
    """A layer's own statistics, float[TAIL_SIZE]."""
    return vector(p, row[table.TAIL], row[table.TAIL_SIZE])


@inner
def draw_of(work, span):
    """The key of a span's random numbers, uint32[5]."""
    return vector(work.draws, span.index * 5, 5)
