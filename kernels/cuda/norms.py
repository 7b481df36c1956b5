"""Sums over a step: the gradient's norm, the batch's loss and score, the update's size.

Each in a fixed order, by a tree over the threads of a block, then over the blocks.
"""

import math

from . import batch_place
from .jit import THREADS, cuda, device, kernel
from .magnitude import add_square, root

# Blocks that share a sum over all parameters.
MOST_BLOCKS = 512
# Rows of `totals`: of each step, the sum of the batch's losses, and of its scores.
LOSS, SCORE, TOTALS = 0, 1, 2


@device
def block_sum(partial):
    """Sum of an entry a thread, left in partial[0]. partial: shared, real[THREADS]."""
    cuda.syncthreads()
    half = cuda.blockDim.x >> 1
    while half > 0:
        if cuda.threadIdx.x < half:
            partial[cuda.threadIdx.x] += partial[cuda.threadIdx.x + half]
        cuda.syncthreads()
        half >>= 1


@device
def sum_of(mine, value):
    """The sum over a block of a value a thread, to its first thread. mine: as partial
    of `block_sum`, which may be used again at once.
    """
    mine[cuda.threadIdx.x] = value
    block_sum(mine)
    total = mine[0]
    cuda.syncthreads()
    return total


@kernel("vv")
def squares(partial, g):
    """|g|^2 as `magnitude` adds it. partial: real[2 blocks], first all low; g: real[n].

    A part a block.
    """
    mine = cuda.shared.array(THREADS, g.dtype)
    zero = g.dtype.type(0)
    sums = (zero, zero)
    for i in range(cuda.grid(1), g.size, cuda.gridsize(1)):
        sums = add_square(sums, g[i])
    low, high = sum_of(mine, sums[0]), sum_of(mine, sums[1])
    if cuda.threadIdx.x == 0:
        partial[cuda.blockIdx.x] = low
        partial[cuda.gridDim.x + cuda.blockIdx.x] = high


@kernel("vvv")
def moved(partial, before, after):
    """|after - before|^2 and |before|^2 as `magnitude` adds them.

    partial: real[4 blocks], first all low ones of the first, then all high ones.
    """
    mine = cuda.shared.array(THREADS, after.dtype)
    zero = after.dtype.type(0)
    steps = sizes = (zero, zero)
    for i in range(cuda.grid(1), after.size, cuda.gridsize(1)):
        steps = add_square(steps, after[i] - before[i])
        sizes = add_square(sizes, before[i])
    a, b = sum_of(mine, steps[0]), sum_of(mine, steps[1])
    c, d = sum_of(mine, sizes[0]), sum_of(mine, sizes[1])
    if cuda.threadIdx.x == 0:
        at, blocks = cuda.blockIdx.x, cuda.gridDim.x
        partial[at], partial[blocks + at] = a, b
        partial[2 * blocks + at], partial[3 * blocks + at] = c, d


@kernel("vm")
def unsound(partial, state):
    """How many numbers of a state are not finite, a part a block. real[slots, n]."""
    mine = cuda.shared.array(THREADS, state.dtype)
    real, slots = state.dtype.type, state.shape[0]
    count = real(0)
    for i in range(cuda.grid(1), state.shape[1], cuda.gridsize(1)):
        for k in range(slots):
            count += real(0) if math.isfinite(state[k, i]) else real(1)
    mine[cuda.threadIdx.x] = count
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        partial[cuda.blockIdx.x] = mine[0]


@kernel("vvi")
def norm(norms, partial, place):
    """norms[INDEX] = the norm from all parts that `squares` has left; one block."""
    mine = cuda.shared.array(THREADS, partial.dtype)
    low = high = partial.dtype.type(0)
    blocks = partial.size // 2
    for i in range(cuda.threadIdx.x, blocks, cuda.blockDim.x):
        low += partial[i]
        high += partial[blocks + i]
    low, high = sum_of(mine, low), sum_of(mine, high)
    if cuda.threadIdx.x == 0:
        norms[place[batch_place.INDEX]] = root(low, high)


@kernel("mvvi")
def total(totals, losses, scores, place):
    """totals[:, INDEX] = the sums over a batch, and count in BROKEN; one block.

    totals: real[TOTALS, steps]; losses, scores: real[b].
    """
    mine = cuda.shared.array(THREADS, losses.dtype)
    loss = score = losses.dtype.type(0)
    for r in range(cuda.threadIdx.x, losses.size, cuda.blockDim.x):
        loss += losses[r]
        score += scores[r]
    loss, score = sum_of(mine, loss), sum_of(mine, score)
    if cuda.threadIdx.x == 0:
        totals[LOSS, place[batch_place.INDEX]] = loss
        totals[SCORE, place[batch_place.INDEX]] = score
        if place[batch_place.BROKEN] > 0 or not math.isfinite(loss):
            place[batch_place.BROKEN] += 1


def blocks_of(count):
    """How many blocks share a sum over so many parameters."""
    return min(MOST_BLOCKS, squares.blocks(count))
