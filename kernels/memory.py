"""Where each array of a training lives and how many bytes it takes.

The same sizes serve twice: `plan_layout` gives every layer its place in the workspace,
and `predicted_bytes` is the ledger that is compared with the measured peak.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .table import DELTA, OUTPUTS, PLACE, STORE

LINE, LINES = 64, 128  # bytes: a cache line, and two, which are fetched together


def aligned(shape, dtype, make=np.empty):
    """An array as `make` (np.empty, np.zeros) gives it, that begins on a cache line.

    A load of a whole register that crosses from one line to the next takes twice as
    long.
    """
    dtype, count = np.dtype(dtype), math.prod(shape)
    raw = make(count + LINE // dtype.itemsize, dtype)
    first = -raw.ctypes.data % LINE // dtype.itemsize
    return raw[first : first + count].reshape(shape)


def padded(count, itemsize):
    """A count of items rounded up so that what follows is on cache lines of its own.

    Small arrays of several threads side by side would share lines, and each write of
    one thread would take the line from the others.
    """
    return -(-count * itemsize // LINES) * LINES // itemsize


@dataclass(frozen=True)
class MemoryPlan:
    """How activations wait for backward.

    checkpoint: layers per segment, of which only the last output is kept; None keeps
    all. storage: `native` (the network's dtype) or `float16`. all_deltas: keep every
    layer's deltas, which threads that share a batch need, and not only two.
    """

    checkpoint: int | None = None
    storage: str = "native"
    all_deltas: bool = False


@dataclass(frozen=True)
class Sizes:
    """Columns per row of a workspace: activations, deltas, half store."""

    activations: int
    deltas: int
    stored: int


def plan_layout(table, plan):
    """(table with PLACE and STORE filled, segments int64[k + 1], Sizes)."""
    table = table.copy()
    layers, widths = len(table), table[:, OUTPUTS]
    length = plan.checkpoint or layers
    segments = np.append(np.arange(0, layers, length), layers)
    widest = int(widths.max())
    if plan.all_deltas:
        table[:, DELTA], deltas = np.cumsum(widths) - widths, int(widths.sum())
    else:
        table[:, DELTA], deltas = (np.arange(layers) % 2) * widest, 2 * widest
    table[:, STORE] = -1
    if plan.storage == "float16":
        # Outputs alternate between two places; all but the last are also stored.
        table[:, PLACE] = (np.arange(layers) % 2) * widest
        table[:-1, STORE] = np.cumsum(widths[:-1]) - widths[:-1]
        stored = int(widths[:-1].sum())
        return table, np.array([0, layers]), Sizes(2 * widest, deltas, stored)
    kept = 0
    for end in segments[1:]:
        table[end - 1, PLACE] = kept
        kept += widths[end - 1]
    inside = 0
    for first, end in pairwise(segments):
        place = kept
        for layer in range(first, end - 1):
            table[layer, PLACE] = place
            place += widths[layer]
        inside = max(inside, place - kept)
    return table, segments.astype(np.int64), Sizes(int(kept + inside), deltas, 0)


@dataclass(frozen=True)
class Ledger:
    """Predicted bytes of one training, by what they hold."""

    parameters: int
    gradients: int
    optimizer: int
    activations: int
    workspace: int
    data: int

    @property
    def total(self):
        return sum(vars(self).values())


def predicted_bytes(
    net, optimizer, batch_rows, *, piece_rows=None, plan=None, early_stopping=False,
    data_rows=0, itemsize=4,
):  # fmt: skip
    """The `Ledger` of training a network on one thread.

    batch_rows: rows a step; piece_rows: rows computed at once, None for the whole
    batch; data_rows: rows of the data held in memory (0 where they are streamed);
    early_stopping keeps the best parameters too. The workspace holds the two layers'
    deltas, the gathered rows, and the parameters before a step; the data include the
    row order, int64.
    """
    _, _, sizes = plan_layout(net.table, plan or MemoryPlan())
    n, rows = net.n_params * itemsize, min(piece_rows or batch_rows, batch_rows)
    row_bytes = (net.inputs + net.targets) * itemsize
    copies = 1 + early_stopping
    return Ledger(
        parameters=n,
        gradients=n,
        optimizer=math.prod(optimizer.state_shape(net.n_params, net.matrices))
        * itemsize,
        activations=int(rows * (sizes.activations * itemsize + sizes.stored * 2)),
        workspace=int(rows * (sizes.deltas * itemsize + row_bytes) + copies * n),
        data=data_rows * (row_bytes + 8),
    )
