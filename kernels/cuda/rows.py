"""Kernels over the rows of a batch: all layers but the dense, and what is around them.

Arrays have the rows of the workspace, b; those behind the batch's are computed like the
others, from rows of zeros, and their dL/dz is zero.
"""

import numpy as np

from .. import table
from ..jit import inner
from ..penalties import penalised_slope
from ..philox import keep_above, normal_pair_as, philox
from . import batch_place
from .formulas import activation as activation_of
from .formulas import activation_slope
from .jit import SIMULATED, cuda, kernel

# A block of `bias_sums`: columns (in float32 those of a memory sector) and lanes of
# rows, powers of two.
COLUMNS, LANES = (4, 2) if SIMULATED else (8, 32)
_THREADS = COLUMNS * LANES


def column_blocks(outputs):
    """How many blocks `bias_sums` takes."""
    return -(-outputs // COLUMNS)


def draws(rows, width):
    """How many threads `dropout` and `noise` can use: one for four columns of a row."""
    return rows * ((width + 3) // 4)


def dropout_of(rate):
    """(least, scale) of `dropout`, from its rate."""
    return keep_above(rate), 1.0 / (1.0 - rate)


@kernel("mmmmii", threads=None if SIMULATED else 128)
def gather(xb, yb, x, y, order, place):
    """Rows order[START], ... of x and y, a block a row; then rows of zeros.

    xb: real[b, i]; yb: real[b, k]; x: real[n, i]; y: real[n, k]; order: int32[n];
    place: int32[PLACES].
    """
    start, rows, zero = (
        place[batch_place.START],
        place[batch_place.ROWS],
        xb.dtype.type(0),
    )
    for r in range(cuda.blockIdx.x, xb.shape[0], cuda.gridDim.x):
        inside = r < rows
        source = order[start + r] if inside else 0
        for c in range(cuda.threadIdx.x, xb.shape[1], cuda.blockDim.x):
            xb[r, c] = x[source, c] if inside else zero
        for c in range(cuda.threadIdx.x, yb.shape[1], cuda.blockDim.x):
            yb[r, c] = y[source, c] if inside else zero


@kernel("vvn")
def activation(y, x, number):
    """y = f(x), a thread an entry. real[m]; number: of `ACTIVATIONS`."""
    for k in range(cuda.grid(1), y.size, cuda.gridsize(1)):
        y[k] = activation_of(number, x[k])


@kernel("vvvn")
def chain(dx, dy, v, number):
    """dx = dy f'(v), v being what the slope is a function of. real[m]."""
    for k in range(cuda.grid(1), dx.size, cuda.gridsize(1)):
        dx[k] = dy[k] * activation_slope(number, v[k])


@kernel("vv")
def copy(y, x):
    """y = x. real[m]."""
    for k in range(cuda.grid(1), y.size, cuda.gridsize(1)):
        y[k] = x[k]


@inner
def place_of(k, blocks):
    """(row, column) of the k-th group of four columns; blocks: groups of a row."""
    # In 32 bits: a division of 64 is a call.
    r = np.uint32(np.uint32(k) // np.uint32(blocks))
    block = np.uint32(np.uint32(k) - np.uint32(r * np.uint32(blocks)))
    return np.int64(r), 4 * np.int64(block)


@inner
def keep(y, x, r, c, word, least, scale):
    """One entry of `dropout`, if the row has it."""
    if c < y.shape[1]:
        y[r, c] = x[r, c] * scale if word > least else y.dtype.type(0)


@kernel("mmuinwr")
def dropout(y, x, key, place, stream, least, scale):
    """y = x keep / (1 - rate); y = x in evaluation. Forward, and backward of dy.

    y, x: real[b, o]; key: uint32[2]; place: int32[PLACES]; stream: of the layer; least,
    scale: by `dropout_of`. A thread draws for four columns of a row, as
    `layers/dropout.py` does: its number is their counter.
    """
    step, blocks = place[batch_place.STEP], (y.shape[1] + 3) // 4
    for k in range(cuda.grid(1), y.shape[0] * blocks, cuda.gridsize(1)):
        r, c = place_of(k, blocks)
        if step == table.EVALUATE:
            for j in range(c, min(c + 4, y.shape[1])):
                y[r, j] = x[r, j]
        else:
            w0, w1, w2, w3 = philox(k, step, stream, 0, key[0], key[1])
            keep(y, x, r, c, w0, least, scale)
            keep(y, x, r, c + 1, w1, least, scale)
            keep(y, x, r, c + 2, w2, least, scale)
            keep(y, x, r, c + 3, w3, least, scale)


@inner
def disturb(y, x, r, c, amount):
    """One entry of `noise`, if the row has it."""
    if c < y.shape[1]:
        y[r, c] = x[r, c] + amount


@kernel("mmuinr")
def noise(y, x, key, place, stream, deviation):
    """y = x + deviation N(0, 1); y = x in evaluation. Arguments as of `dropout`.

    The words are those of `layers/noise.py`, the normal numbers of the arrays' dtype.
    """
    step, blocks = place[batch_place.STEP], (y.shape[1] + 3) // 4
    one = y.dtype.type(1)
    for k in range(cuda.grid(1), y.shape[0] * blocks, cuda.gridsize(1)):
        r, c = place_of(k, blocks)
        if step == table.EVALUATE:
            for j in range(c, min(c + 4, y.shape[1])):
                y[r, j] = x[r, j]
        else:
            w0, w1, w2, w3 = philox(k, step, stream, 0, key[0], key[1])
            n0, n1 = normal_pair_as(w0, w1, one)
            n2, n3 = normal_pair_as(w2, w3, one)
            disturb(y, x, r, c, deviation * n0)
            disturb(y, x, r, c + 1, deviation * n1)
            disturb(y, x, r, c + 2, deviation * n2)
            disturb(y, x, r, c + 3, deviation * n3)


@kernel("vmn", threads=_THREADS)
def bias_sums(g, dz, offset):
    """g[offset + c] = the sum over rows of dz[r, c], in a fixed order.

    g: real[n]; dz: real[b, o]. `column_blocks` blocks of COLUMNS x LANES threads: each
    sums every LANES-th row of a column, then halves of the lanes are added.
    """
    sums = cuda.shared.array(_THREADS, dz.dtype)
    t, total = cuda.threadIdx.x, dz.dtype.type(0)
    c = cuda.blockIdx.x * COLUMNS + t % COLUMNS
    if c < dz.shape[1]:
        for r in range(t // COLUMNS, dz.shape[0], LANES):
            total += dz[r, c]
    sums[t] = total
    half = _THREADS // 2
    while half >= COLUMNS:
        cuda.syncthreads()
        if t < half:
            sums[t] += sums[t + half]
        half //= 2
    if t < COLUMNS and c < dz.shape[1]:
        g[offset + c] = sums[t]


@kernel("vvnnrr")
def penalise(g, p, start, stop, l1, l2):
    """g += d penalty / d p on parameters start, ..., stop - 1; see `penalties`.

    g, p: real[n].
    """
    for i in range(start + cuda.grid(1), stop, cuda.gridsize(1)):
        g[i] = penalised_slope(g[i], p[i], l1, l2)
