"""How a step is cut into tasks: spans of rows, blocks of columns, parts of parameters.

The cut follows from the work alone and never from the number of threads, so results do
not depend on it either.
"""

from dataclasses import dataclass

import numpy as np

from . import table
from .loop.team import MOST_TASKS

# Measured on 2 cores (`gradclinic profile`): multiply-adds of a batch's forward pass
# from which sharing a step pays, ...
SHARED_WORK = 1_000_000
# ... its spans (each packs the weights anew for its matrix products, so more of them
# cost more than they bring), and parts of a layer, of so many multiply-adds at least.
SPANS, LAYER_PARTS, PART_WORK = 2, 4, 2_000_000
# Multiply-adds from which threads share layer by layer, those with a matrix by columns:
# BLAS then packs each weight once and not once a span; the threads meet more often.
COLUMN_WORK = 50_000_000


@dataclass(frozen=True)
class StepCut:
    """piece: rows at once; spans: of a piece; blocks: of a layer's columns, 0 where
    spans pass all layers; parts: int64[m, 4]; as in `batch.Plan`.
    """

    piece: int
    spans: int
    blocks: int
    parts: np.ndarray


def split(net, batch, micro_batch=None, threads=None):
    """The `StepCut` of batches of so many rows.

    threads: None for a cut that does not depend on them; else cut for so many.
    """
    spans = min(SPANS if threads is None else threads, batch)
    if micro_batch or spans == 1 or batch * net.work < SHARED_WORK:
        return StepCut(min(batch, micro_batch or batch), 1, 0, _parts(net, None))
    by_layers = net.rows_meet or batch * net.work >= COLUMN_WORK
    parts = _parts(net, batch, max(LAYER_PARTS, spans))
    return StepCut(batch, spans, spans if by_layers else 0, parts)


def _parts(net, batch, most=1):
    """Whole layers where batch is None, else blocks of rows of their weights."""
    rows = []
    for layer, row in enumerate(net.table):
        if row[table.SIZE] == 0:
            continue
        count = 1
        if batch is not None:
            enough = max(1, batch * row[table.WORK] // PART_WORK)
            count = max(1, min(most, row[table.ROWS], enough))
        edges = np.linspace(0, row[table.ROWS], count + 1).round().astype(np.int64)
        starts = row[table.START] + edges * row[table.COLUMNS]
        # What follows the matrix goes with its last row.
        starts[-1] = row[table.START] + row[table.SIZE]
        blocks = zip(edges[:-1], starts[:-1], starts[1:], strict=True)
        rows += [(layer, *block) for block in blocks]
    if batch is not None and len(rows) > MOST_TASKS:
        return _parts(net, None)
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
