"""Sums over a step: the gradient's norm, the batch's loss and score, the update's size.

Each in a fixed order, by a tree over the threads of a block, then over the blocks.
"""

import math

from .jit import THREADS, cuda, device, kernel
from .place import BROKEN, INDEX

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


@kernel("vv")
def squares(partial, g):
    """|g|^2, a part a block. partial: real[blocks]; g: real[n]."""
    mine = cuda.shared.array(THREADS, g.dtype)
    total = g.dtype.type(0)
    for i in range(cuda.grid(1), g.size, cuda.gridsize(1)):
        total += g[i] * g[i]
    mine[cuda.threadIdx.x] = total
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        partial[cuda.blockIdx.x] = mine[0]


@kernel("vvv")
def moved(partial, before, after):
    """|after - before|^2 and |before|^2. partial: real[2 blocks], first all of one."""
    mine = cuda.shared.array(THREADS, after.dtype)
    steps = sizes = after.dtype.type(0)
    for i in range(cuda.grid(1), after.size, cuda.gridsize(1)):
        step = after[i] - before[i]
        steps += step * step
        sizes += before[i] * before[i]
    mine[cuda.threadIdx.x] = steps
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        partial[cuda.blockIdx.x] = mine[0]
    cuda.syncthreads()
    mine[cuda.threadIdx.x] = sizes
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        partial[cuda.gridDim.x + cuda.blockIdx.x] = mine[0]


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
    """norms[INDEX] = the root of the sum of all parts; one block."""
    mine = cuda.shared.array(THREADS, partial.dtype)
    total = partial.dtype.type(0)
    for i in range(cuda.threadIdx.x, partial.size, cuda.blockDim.x):
        total += partial[i]
    mine[cuda.threadIdx.x] = total
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        norms[place[INDEX]] = math.sqrt(mine[0])


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
    mine[cuda.threadIdx.x] = loss
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        totals[LOSS, place[INDEX]] = mine[0]
        if place[BROKEN] > 0 or not math.isfinite(mine[0]):
            place[BROKEN] += 1
    cuda.syncthreads()
    mine[cuda.threadIdx.x] = score
    block_sum(mine)
    if cuda.threadIdx.x == 0:
        totals[SCORE, place[INDEX]] = mine[0]


def blocks_of(count):
    """How many blocks share a sum over so many parameters."""
    return min(MOST_BLOCKS, squares.blocks(count))
