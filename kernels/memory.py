"""Where each array of a training lives and how many bytes it takes.

The same sizes serve twice: `plan_layout` gives every layer its place in the workspace,
and `predicted_bytes` is the ledger that is compared with the measured peak.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from . import table as columns
from .half import FORMATS

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
class StepMemory:
    """How activations wait for backward.

    checkpoint: layers per segment, of which only the last output is kept; None keeps
    all. storage: `native` (the network's dtype), or a key of `half.FORMATS`.
    all_deltas: keep every layer's deltas, which threads that share a batch need, and
    not only two. in_place: an activation behind a linear layer, or behind a
    normalisation, overwrites its input, where backward needs its output alone.
    Gradients stay what they are.
    """

    checkpoint: int | None = None
    storage: str = "native"
    all_deltas: bool = False
    in_place: bool = False


@dataclass(frozen=True)
class Sizes:
    """Columns per row of a workspace: activations, deltas, those stored; spare: where
    among the deltas those begin that are added to others.
    """

    activations: int
    deltas: int
    stored: int
    spare: int = 0


def plan_layout(table, plan):
    """(table with places of outputs and deltas, segments int64[k + 1], Sizes).

    ValueError where the plan is not for such a network.
    """
    table = table.copy()
    skips = bool((table[:, columns.SECOND] != columns.NO_SECOND).any())
    deltas, spare = _place_deltas(table, skips, plan.all_deltas)
    table[:, columns.STORE] = -1
    table[:, columns.IN_PLACE] *= plan.in_place
    if plan.storage != "native":
        if skips:
            raise ValueError(
                f"storage={plan.storage!r} keeps outputs of layers one behind the"
                " other; here are skips: leave storage out, or use checkpoint"
            )
        table[:, columns.FORMAT] = FORMATS[plan.storage]
        segments, activations, stored = _place_in_half(table)
    else:
        segments = _segments(table, plan.checkpoint)
        activations, stored = _place_outputs(table, segments), 0
    return table, segments, Sizes(activations, deltas, stored, spare)


def _place_deltas(table, skips, all_deltas):
    """Fill DELTA, MORE and MORE_SECOND; (columns in all, where the spare one begins).

    A delta lives from the last layer that reads the output to the layer itself.
    """
    widths, layers = table[:, columns.OUTPUTS], len(table)
    until = np.arange(layers)
    for number, row in enumerate(table):
        for source in (row[columns.SOURCE], row[columns.SECOND]):
            if source >= 0:
                until[source] = number
    begun = set()
    for row in table[::-1]:  # in the order of backward
        for source, more in (
            (columns.SECOND, columns.MORE_SECOND),
            (columns.SOURCE, columns.MORE),
        ):
            row[more] = int(row[source]) in begun
            begun.update({int(row[source])} - {-1})
    widest = int(widths.max())
    if all_deltas:
        table[:, columns.DELTA], end = np.cumsum(widths) - widths, int(widths.sum())
    elif not skips:
        table[:, columns.DELTA], end = (np.arange(layers) % 2) * widest, 2 * widest
    else:
        end = _first_fit(table, until)
    more = table[table[:, columns.MORE] > 0, columns.INPUTS]
    return end + (int(more.max()) if len(more) else 0), end


def _first_fit(table, until):
    """Fill DELTA: each where no other lives meanwhile; returns the end."""
    end, placed = 0, []
    for layer in range(len(table) - 1, -1, -1):
        place, width = 0, int(table[layer, columns.OUTPUTS])
        for start, stop, owner in sorted(placed):
            # Deltas of layers behind are there first; is it still there when this is?
            if owner <= until[layer] and place + width > start:
                place = max(place, stop)
        table[layer, columns.DELTA] = place
        placed.append((place, place + width, layer))
        end = max(end, place + width)
    return end


def _segments(table, length):
    """The first layer of each segment, then the number of layers, int64[k + 1].

    A segment is so many layers long, or longer, so that no layer behind it reads the
    output of another than its last; None: one for all.
    """
    layers, edges = len(table), [0]
    read = table[:, [columns.SOURCE, columns.SECOND]]
    for end in range(length or layers, layers):
        over = (read[end:] >= 0) & (read[end:] < end - 1)
        if end - edges[-1] >= length and not over.any():
            edges.append(end)
    return np.array([*edges, layers], dtype=np.int64)


def _place_outputs(table, segments):
    """Fill PLACE and KEPT; returns the columns in all.

    Ends of segments stay, with what they keep; so does what becomes a statistic. The
    rest of a segment shares its places with other segments'. In place is what is
    computed again together with its source.
    """
    kept = 0
    for layer, row in enumerate(table):
        if layer + 1 in segments:
            row[columns.PLACE], kept = kept, kept + row[columns.OUTPUTS]
        if layer + 1 in segments or row[columns.TAIL_SIZE]:
            row[columns.KEPT], kept = kept, kept + row[columns.KEPT_SIZE]
    inside = kept
    for first, end in pairwise(segments):
        place = kept
        for row in table[first : end - 1]:
            if row[columns.IN_PLACE] and row[columns.SOURCE] >= first:
                row[columns.PLACE] = table[row[columns.SOURCE], columns.PLACE]
            else:
                row[columns.PLACE], place = place, place + row[columns.OUTPUTS]
            if not row[columns.TAIL_SIZE]:
                row[columns.KEPT], place = place, place + row[columns.KEPT_SIZE]
        inside = max(inside, place)
    return int(inside)


def _place_in_half(table):
    """Fill PLACE, KEPT and STORE; (segments, columns in all, of the half store).

    Outputs alternate between two places; all but the last are also stored. Of a layer
    and the one that overwrites its output the second alone is.
    """
    widths, layers = table[:, columns.OUTPUTS], len(table)
    widest, kept = int(widths.max()), table[:, columns.KEPT_SIZE]
    over = table[:, columns.IN_PLACE] > 0
    table[:, columns.PLACE] = (np.cumsum(~over) - 1) % 2 * widest
    table[:, columns.KEPT] = 2 * widest + np.cumsum(kept) - kept
    waits = ~np.append(over[1:], True)
    sizes = widths * waits
    table[:, columns.STORE] = np.where(waits, np.cumsum(sizes) - sizes, -1)
    end = 2 * widest + int(kept.sum())
    return np.array([0, layers]), end, int(sizes.sum())


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
    net,
    optimizer,
    batch_rows,
    *,
    piece_rows=None,
    plan=None,
    early_stopping=False,
    data_rows=0,
    itemsize=4,
):
    """The `Ledger` of training a network on one thread.

    batch_rows: rows a step; piece_rows: rows computed at once, None for the whole
    batch; data_rows: rows of the data in memory (0 where they are streamed);
    early_stopping keeps the best parameters too. The workspace holds the two layers'
    deltas, the gathered rows, and the parameters before a step; the data include the
    row order, int64.
    """
    _, _, sizes = plan_layout(net.table, plan or StepMemory())
    n, rows = net.n_params * itemsize, min(piece_rows or batch_rows, batch_rows)
    values = net.n_values * itemsize
    row_bytes = (net.inputs + net.targets) * itemsize
    return Ledger(
        parameters=values,
        gradients=n,
        optimizer=math.prod(optimizer.state_shape(net.n_params, net.matrices))
        * itemsize,
        activations=int(rows * (sizes.activations * itemsize + sizes.stored * 2)),
        workspace=int(rows * (sizes.deltas * itemsize + row_bytes) + n)
        + early_stopping * values,
        data=data_rows * (row_bytes + 8),
    )
