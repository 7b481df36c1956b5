"""Where a block keeps the network that it trains: parts of one array.

That array is the block's shared memory, or a part of the device's where it is too
large for that.
"""

from typing import NamedTuple

import numpy as np

from .. import table
from ..jit import inner

# Entries of `sizes`, int32[SIZES]: parameters, rows of a batch, columns of x and of y;
# steps of an epoch, and tables of their scalars; numbers of the loss and the optimizer;
# how targets are drawn and how often (steps, 0: never); is the loss summed over rows?;
# are data the same for all?
(
    PARAMETERS,
    BATCH,
    X,
    Y,
    STEPS,
    TABLES,
    LOSS,
    OPTIMIZER,
    SAMPLER,
    SAMPLED_EVERY,
    SUMMED,
    SHARED_DATA,
) = range(12)
# Where the arrays of a network begin in its memory, and its end. Behind the parameters:
# the gradient, real[n]; the optimizer's state, real[slots n]; the targets of a batch,
# real[b k]; its rows and every layer's output, real[b (i + columns)]; dL/d(output) of
# two layers at a time, of a dense one dL/d(pre-activation), real[2 b widest]; sums over
# the threads, real[AT_ONCE threads] and real[AT_ONCE PARTS], see `epoch.block_sums`.
# Read anew in each phase: kept in registers, they would be half of all.
GRADIENT, STATE, TARGETS, OUTPUT, DELTAS, PARTIAL, SUMS, END, SIZES = range(12, 21)
# Sums over the threads of a block: so many at a time, each in so many parts.
AT_ONCE, PARTS = 4, 16


class BlockNetwork(NamedTuple):
    """What is the same for every network of a population.

    layers: int32[l, FIELDS]; settings: real[l], of dropout the scale and of noise the
    deviation; least: uint32[l], the word that those of kept units exceed; sizes:
    int32[SIZES].
    """

    layers: np.ndarray
    settings: np.ndarray
    least: np.ndarray
    sizes: np.ndarray


def arranged(sizes, slots, widths, threads):
    """sizes with the arrays' places, of a network of layers that wide.

    threads: of the block that it is for.
    """
    sizes, n, b = sizes.copy(), int(sizes[PARAMETERS]), int(sizes[BATCH])
    lengths = (
        n,
        n,
        slots * n,
        b * int(sizes[Y]),
        b * int(sizes[X] + widths.sum()),
        2 * b * int(widths.max()),
        AT_ONCE * threads,
        AT_ONCE * PARTS,
    )
    places = np.cumsum(lengths)
    if places[-1] > np.iinfo(sizes.dtype).max:
        raise MemoryError(
            f"a network and its batch take {places[-1]} numbers, too many for a block"
            " of a population; use train, or a smaller batch_size"
        )
    sizes[GRADIENT:SIZES] = places
    return sizes


@inner
def output_place(network, layer):
    """Where the output of a layer begins; of layer -1: the rows of the batch."""
    sizes = network.sizes
    if layer < 0:
        return np.int64(sizes[OUTPUT])
    return sizes[OUTPUT] + sizes[BATCH] * (
        sizes[X] + network.layers[layer, table.PLACE]
    )


@inner
def delta_place(network, layer):
    """Where dL/d(output) of a layer begins."""
    sizes = network.sizes
    return sizes[DELTAS] + sizes[BATCH] * network.layers[layer, table.DELTA]


@inner
def shape_of(network, layer, rows):
    """(rows, inputs, outputs) of a layer."""
    row = network.layers
    return (
        np.int64(rows),
        np.int64(row[layer, table.INPUTS]),
        np.int64(row[layer, table.OUTPUTS]),
    )
