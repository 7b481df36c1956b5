"""The order of rows in an epoch, for every run of a population."""

import numpy as np
from numba import int32

from ..philox import SHUFFLE, philox
from .jit import SIMULATED, cuda, kernel

DRAWS = 1024  # random numbers at a time


@kernel("tqin", threads=None if SIMULATED else 128, dtypes=("float32",))
def shuffle(order, keys, alive, epoch):
    """The next permutation of each run's rows, as `philox.shuffle` makes it. In place.

    order: int32[r, rows]; keys: uint32[r, 2]; alive: int32[r]; a block a run. Draws are
    made side by side, the swaps by one thread.
    """
    run, lane, lanes = cuda.blockIdx.x, cuda.threadIdx.x, cuda.blockDim.x
    drawn = cuda.shared.array(DRAWS, int32)
    if alive[run] == 0:
        return
    for last in range(order.shape[1] - 1, 0, -DRAWS):
        count = min(DRAWS, last)
        for k in range(lane, count, lanes):
            i = np.uint32(last - k)
            word = philox(i, epoch, SHUFFLE, 0, keys[run, 0], keys[run, 1])[0]
            product = np.uint64(
                np.uint64(word) * np.uint64(np.uint64(i) + np.uint64(1))
            )
            drawn[k] = np.int64(product >> np.uint64(32))
        cuda.syncthreads()
        if lane == 0:
            for k in range(count):
                i, j = last - k, drawn[k]
                order[run, i], order[run, j] = order[run, j], order[run, i]
        cuda.syncthreads()
