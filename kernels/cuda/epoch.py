"""An epoch of one network that a block trains, by its threads together.

lane: of the block's `lanes` threads; draw: as in `passes`.
"""

import math
from functools import cache

import numpy as np

from .. import table
from ..clipping import shrink
from ..jit import inner
from . import arena, rules
from .jit import cuda
from .magnitude import root
from .passes import (
    DENSE,
    IDENTITY,
    backward,
    forward,
    gather,
    loss_of,
    number_below,
    settle,
)
from .rules import penalise
from .views import vector


@inner
def block_sums(network, memory, values, lane, lanes):
    """The sums over all threads of four numbers a thread, the same for every thread.

    In a fixed order: each of `PARTS` threads adds every so many-th thread's, then every
    thread adds those.
    """
    a, b, c, d = values
    sizes, zero = network.sizes, type(a)(0)
    partial = vector(memory, sizes[arena.PARTIAL], arena.AT_ONCE * lanes)
    sums = vector(memory, sizes[arena.SUMS], arena.AT_ONCE * arena.PARTS)
    partial[lane], partial[lanes + lane] = a, b
    partial[2 * lanes + lane], partial[3 * lanes + lane] = c, d
    cuda.syncthreads()
    for part in range(lane, arena.AT_ONCE * arena.PARTS, lanes):
        which, total = part // arena.PARTS, zero
        for k in range(part - which * arena.PARTS, lanes, arena.PARTS):
            total += partial[which * lanes + k]
        sums[part] = total
    cuda.syncthreads()
    first = second = third = fourth = zero
    for k in range(arena.PARTS):
        first += sums[k]
        second += sums[arena.PARTS + k]
        third += sums[2 * arena.PARTS + k]
        fourth += sums[3 * arena.PARTS + k]
    return first, second, third, fourth


@inner
def run_forward(network, memory, rows, draw, lane, lanes):
    """All layers, for the first rows of the batch."""
    for layer in range(network.layers.shape[0]):
        cuda.syncthreads()
        forward(network, memory, layer, rows, draw, lane, lanes)
    cuda.syncthreads()


@inner
def run_backward(network, memory, rows, draw, lane, lanes):
    """The gradient, from dL/d(output) of the last layer."""
    last, row = network.layers.shape[0] - 1, network.layers
    for layer in range(last, -1, -1):
        above = layer == last or row[layer + 1, table.KIND] != DENSE
        # A dense layer above has left the slope of this one in its delta.
        if above and number_below(network, layer) != IDENTITY:
            cuda.syncthreads()
            settle(network, memory, layer, rows, lane, lanes)
        cuda.syncthreads()
        backward(network, memory, layer, rows, draw, lane, lanes)
    cuda.syncthreads()


@inner
def count_unsound(network, memory, lane, lanes):
    """How many numbers of the optimizer's state are not finite, a thread's part."""
    start, real = network.sizes[arena.STATE], memory.dtype.type
    state = vector(memory, start, network.sizes[arena.TARGETS] - start)
    count = real(0)
    cuda.syncthreads()
    for k in range(lane, state.size, lanes):
        count += real(0) if math.isfinite(state[k]) else real(1)
    return count


def _step(advance):
    """f(...): one gradient of the rows that are gathered, and one update."""

    @inner
    def step(network, memory, limits, scalars, row, rows, draw, sampled, lane, lanes):
        """Returns loss, score, norm, and a thread's parts of the move: see `updates`.

        row: of scalars, those of the step; rows: of the batch.
        """
        real = memory.dtype.type
        zero, one, free = real(0), real(1), real(math.inf)
        run_forward(network, memory, rows, draw, lane, lanes)
        loss, score = loss_of(network, memory, rows, draw, sampled, lane, lanes)
        run_backward(network, memory, rows, draw, lane, lanes)
        # A gradient at drawn targets is that of the loss alone, and as it is.
        l1, l2 = (zero, zero) if sampled else (limits[rules.L1], limits[rules.L2])
        low, high = penalise(network, memory, l1, l2, lane, lanes)
        low, high, loss, score = block_sums(
            network, memory, (low, high, loss, score), lane, lanes
        )
        norm = root(low, high)
        factor = one if sampled else shrink(norm, limits[rules.NORM])
        limit, rule = (
            free if sampled else limits[rules.VALUE],
            network.sizes[arena.OPTIMIZER],
        )
        moved, size = advance(
            rule, network, memory, scalars, row, factor, limit, lane, lanes
        )
        return loss, score, norm, moved, size

    return step


def _batch(advance):
    """f(...): what is done on a batch: its step, behind one at drawn targets if due."""
    step = _step(advance)

    @inner
    def batch(
        network, memory, limits, scalars, row, data, order, first, draw, lane, lanes
    ):
        """As `step`, of rows order[first], ... of data, a pair (x, y)."""
        sizes, zero = network.sizes, memory.dtype.type(0)
        rows, every = (
            min(sizes[arena.BATCH], order[0].shape[1] - first),
            sizes[arena.SAMPLED_EVERY],
        )
        number = np.uint32(draw[1] - np.uint32(1))
        due = every > 0 and number % np.uint32(every if every > 0 else 1) == 0
        loss = score = norm = zero
        moved = size = (zero, zero)
        for call in range(0 if due else 1, 2):
            sampled = call == 0
            cuda.syncthreads()
            gather(network, memory, data[0], data[1], order, first, rows, lane, lanes)
            at = row + (sizes[arena.TABLES] * sizes[arena.STEPS] if sampled else 0)
            loss, score, norm, moved, size = step(
                network, memory, limits, scalars, at, rows, draw, sampled, lane, lanes
            )
        return loss, score, norm, moved, size

    return batch


@cache
def epoch_of(advance):
    """f(...): all steps of one network, which ends at a loss that is not finite.

    advance: of `rules.updates`. group: which table of scalars; order: as of
    `passes.gather`; time: (uint32[2], epoch), the key of the run's random numbers, and
    which epoch it is. Returns sums over the steps of loss, score, norm; of the last
    step |step| and |parameters|; numbers of the state that are not finite.
    """
    batch = _batch(advance)

    @inner
    def epoch(network, memory, limits, scalars, group, data, order, time, lane, lanes):
        steps, zero = network.sizes[arena.STEPS], memory.dtype.type(0)
        loss_sum = score_sum = norm_sum = zero
        moved = size = (zero, zero)
        for k in range(steps):
            number, first = (
                np.uint32(time[1] * steps + k),
                k * network.sizes[arena.BATCH],
            )
            draw, row = (time[0], np.uint32(number + np.uint32(1))), group * steps + k
            loss, score, norm, moved, size = batch(
                network,
                memory,
                limits,
                scalars,
                row,
                data,
                order,
                first,
                draw,
                lane,
                lanes,
            )
            loss_sum += loss
            score_sum += score
            norm_sum += norm
            if not math.isfinite(loss):
                break
        a, b, c, d = block_sums(network, memory, (*moved, *size), lane, lanes)
        unsound = (count_unsound(network, memory, lane, lanes), zero, zero, zero)
        unsound, _, _, _ = block_sums(network, memory, unsound, lane, lanes)
        return loss_sum, score_sum, norm_sum, root(a, b), root(c, d), unsound

    return epoch
