"""Where a block keeps the network that it trains: parts of one array.

That array is the block's shared memory, or a part of the device's where it is too
large for that.
"""

from typing import NamedTuple

import numpy as np

from ..jit import inner
from ..table import DELTA, INPUTS, OUTPUTS, PLACE
from .views import vector

# Entries of `sizes`, int32[SIZES]: parameters, arrays of the optimizer's state, rows of
# a batch, columns of x, of y, of all layers' outputs and of the widest one; steps of an
# epoch, and tables of their scalars; numbers of the loss and the optimizer; how targets
# are drawn and how often (steps, 0: never); is the loss summed over rows?; are data the
# same for all?
(
    PARAMETERS, SLOTS, BATCH, X, Y, COLUMNS, WIDEST, STEPS, TABLES, LOSS, OPTIMIZER,
    SAMPLER, SAMPLED_EVERY, SUMMED, SHARED_DATA, SIZES,
) = range(16)  # fmt: skip
# Sums over the threads of a block: so many at a time, each in so many parts.
AT_ONCE, PARTS = 3, 16


class Network(NamedTuple):
    """What is the same for every network of a population.

    layers: int32[l, FIELDS]; settings: real[l], of dropout the scale and of noise the
    deviation; least: uint32[l], the word that those of kept units exceed; sizes:
    int32[SIZES].
    """

    layers: np.ndarray
    settings: np.ndarray
    least: np.ndarray
    sizes: np.ndarray


class Space(NamedTuple):
    """The arrays of a network in its block, all flat.

    p, g: real[n]; state: real[slots n]; y: real[b k], the batch's targets; outputs:
    real[b (i + columns)], its rows and each layer's output; deltas: real[2 b widest],
    dL/d(output) of two layers at a time, of a dense one dL/d(pre-activation); partial:
    real[AT_ONCE threads], sums: real[AT_ONCE PARTS], see `block.block_sums`.
    """

    p: np.ndarray
    g: np.ndarray
    state: np.ndarray
    y: np.ndarray
    outputs: np.ndarray
    deltas: np.ndarray
    partial: np.ndarray
    sums: np.ndarray


@inner
def space_of(memory, sizes, threads):
    """The `Space` of a network in memory, real[at least `reals_of`]."""
    n, b = sizes[PARAMETERS], sizes[BATCH]
    g = n
    state = g + n
    y = state + sizes[SLOTS] * n
    outputs = y + b * sizes[Y]
    deltas = outputs + b * (sizes[X] + sizes[COLUMNS])
    partial = deltas + 2 * b * sizes[WIDEST]
    sums = partial + AT_ONCE * threads
    return Space(
        vector(memory, 0, n),
        vector(memory, g, n),
        vector(memory, state, y - state),
        vector(memory, y, outputs - y),
        vector(memory, outputs, deltas - outputs),
        vector(memory, deltas, partial - deltas),
        vector(memory, partial, sums - partial),
        vector(memory, sums, AT_ONCE * PARTS),
    )


def reals_of(sizes, threads):
    """How many reals the `Space` of a network takes."""
    n, b = int(sizes[PARAMETERS]), int(sizes[BATCH])
    columns = sizes[X] + sizes[Y] + sizes[COLUMNS] + 2 * sizes[WIDEST]
    return n * (2 + int(sizes[SLOTS])) + b * int(columns) + AT_ONCE * (threads + PARTS)


@inner
def output_place(network, layer):
    """Where the output of a layer begins in `outputs`; of layer -1: the batch."""
    if layer < 0:
        return 0
    sizes = network.sizes
    return sizes[BATCH] * (sizes[X] + network.layers[layer, PLACE])


@inner
def delta_place(network, layer):
    """Where dL/d(output) of a layer begins in `deltas`."""
    return network.sizes[BATCH] * network.layers[layer, DELTA]


@inner
def shape_of(network, layer, rows):
    """(rows, inputs, outputs) of a layer."""
    row = network.layers
    return (
        np.int64(rows),
        np.int64(row[layer, INPUTS]),
        np.int64(row[layer, OUTPUTS]),
    )
