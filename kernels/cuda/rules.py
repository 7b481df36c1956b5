"""The end of a step of a small network: penalties, clipping, the optimizer's rule.

By the threads of one block, without barriers; lane: of the block's `lanes` threads.
"""

from functools import cache

from .. import table
from ..clipping import within
from ..jit import inner
from ..penalties import penalised_slope
from . import arena
from .entry import entry
from .formulas import entries
from .magnitude import add_square
from .views import matrix, vector

# Entries of `limits`: l1, l2, and the norm and value to clip to, infinite for none.
L1, L2, NORM, VALUE, LIMITS = range(5)


@inner
def penalise(network, memory, l1, l2, lane, lanes):
    """Add the penalties to the weights' gradient.

    Returns a thread's part of |g|^2, see `magnitude`.
    """
    row = network.layers
    sums = (type(l1)(0), type(l1)(0))
    for layer in range(row.shape[0]):
        start, size = row[layer, table.START], row[layer, table.SIZE]
        g = vector(memory, network.sizes[arena.GRADIENT] + start, size)
        p = vector(memory, start, size)
        weights = row[layer, table.ROWS] * row[layer, table.COLUMNS]
        for k in range(lane, size, lanes):
            d = penalised_slope(g[k], p[k], l1, l2) if k < weights else g[k]
            g[k] = d
            sums = add_square(sums, d)
    return sums


@cache
def updates(optimizers, number=0):
    """f(n, network, memory, scalars, row, factor, limit, lane, lanes): a step.

    By the n-th of optimizers, a tuple of (element, count of its scalars, slots);
    scalars: real[steps, k]; factor, limit: what clips the gradient. Returns a thread's
    own parts of |step|^2 and |parameters|^2, see `magnitude`.
    """
    (element, count, slots), rest = optimizers[0], optimizers[1:]
    read, update_entry = entries(count), entry(element, slots)

    @inner
    def step(network, memory, scalars, row, factor, limit, lane, lanes):
        sizes, c = network.sizes, read(scalars, row)
        n = sizes[arena.PARAMETERS]
        p, g = vector(memory, 0, n), vector(memory, sizes[arena.GRADIENT], n)
        state = matrix(memory, sizes[arena.STATE], slots, n)
        moved = size = (type(factor)(0), type(factor)(0))
        for i in range(lane, n, lanes):
            before = p[i]
            update_entry(p, within(factor * g[i], limit), state, i, c)
            moved = add_square(moved, p[i] - before)
            size = add_square(size, before)
        return moved, size

    if not rest:

        @inner
        def last(wanted, network, memory, scalars, row, factor, limit, lane, lanes):
            return step(network, memory, scalars, row, factor, limit, lane, lanes)

        return last
    others = updates(rest, number + 1)

    @inner
    def chosen(wanted, network, memory, scalars, row, factor, limit, lane, lanes):
        if wanted == number:
            return step(network, memory, scalars, row, factor, limit, lane, lanes)
        return others(wanted, network, memory, scalars, row, factor, limit, lane, lanes)

    return chosen
