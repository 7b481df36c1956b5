"""What the machine can do at most: multiply-adds, matrix products, memory traffic.

Sources: Williams, Waterman & Patterson (2009) for the roofline; McCalpin (1995) for
the triad, counted as STREAM counts it: two arrays read, one written, no more.
"""

import time
from functools import cache
from typing import Any

import numpy as np

_REPEATS = 5
TILE = 64, 32, 128  # rows, columns and depth of a product whose operands L1 holds
_TRIAD_BYTES = 256 * 2**20  # an array; at least four times any last-level cache


@cache
def _kernels() -> Any:
    import numba
    from numba import prange

    from ...kernels.tile import multiply

    @numba.njit(fastmath=True, parallel=True)
    def multiply_adds(threads, rounds, out):
        for t in prange(threads):
            # Sixteen vectors of sixteen: enough to hide the latency of each.
            a = np.full(256, np.float32(0.5))
            x, y = np.float32(0.999), np.float32(0.001)
            for _ in range(rounds):
                for k in range(256):
                    a[k] = a[k] * x + y
            out[t] = a.sum()

    @numba.njit(parallel=True)
    def tiles(threads, calls, c, a, b):
        sizes = (c.shape[1], c.shape[2], b.shape[1])
        strides = (c.shape[2], a.shape[2], b.shape[2])
        for t in prange(threads):
            for _ in range(calls):
                multiply(c[t], a[t], b[t], (0, 0, 0), sizes, strides)

    @numba.njit(fastmath=True, parallel=True)
    def triad(a, b, c, scalar):
        for i in prange(a.size):
            a[i] = b[i] + scalar * c[i]

    return multiply_adds, tiles, triad


def _best(call: Any) -> float:
    """The shortest of some calls, in s, after one to warm up."""
    call()
    times = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def peak_gflops(threads: int) -> float:
    """GFLOP/s of independent float32 multiply-adds (two each) from registers or L1.

    The most of two loops: the compiler's own vectors, which may be half as wide as the
    processor's, and a tile of a matrix product, whose operands stay in L1.
    """
    from ...kernels.threads import limited

    plain, tiled, _ = _kernels()
    out, rounds = np.empty(threads, np.float32), 1_000_000
    (m, n, depth), calls = TILE, 20_000
    shapes = (threads, m, n), (threads, m, depth), (threads, depth, n)
    c, a, b = (np.ones(shape, np.float32) for shape in shapes)
    with limited(threads):
        seconds = _best(lambda: plain(threads, rounds, out))
        tile_seconds = _best(lambda: tiled(threads, calls, c, a, b))
    rate = 2 * 256 * rounds / seconds
    return threads * max(rate, 2 * m * n * depth * calls / tile_seconds) / 1e9


def blas_gflops(threads: int, size: int = 2048) -> float:
    """GFLOP/s of SciPy's sgemm, which the kernels call, on square matrices."""
    from scipy.linalg import get_blas_funcs
    from threadpoolctl import threadpool_limits

    a = np.ones((size, size), np.float32, order="F")
    (sgemm,) = get_blas_funcs(("gemm",), (a,))
    c = np.zeros_like(a)
    with threadpool_limits(threads, user_api="blas"):
        seconds = _best(lambda: sgemm(1.0, a, a, c=c, overwrite_c=1))
    return 2 * size**3 / seconds / 1e9


def triad_gb(threads: int) -> float:
    """GB/s of a = b + scalar c on float32 arrays that no cache holds."""
    from ...kernels.threads import limited

    size = _TRIAD_BYTES // 4
    a, b, c = (np.ones(size, np.float32) for _ in range(3))
    with limited(threads):
        seconds = _best(lambda: _kernels()[2](a, b, c, np.float32(2)))
    return 3 * _TRIAD_BYTES / seconds / 1e9
