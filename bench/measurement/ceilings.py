"""What the machine can do at most: multiply-adds, matrix products, memory traffic.

Sources: Williams, Waterman & Patterson (2009) for the roofline; McCalpin (1995) for
the triad, counted as STREAM counts it: two arrays read, one written, no more.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

# float32 bytes read and written for a parameter: p, g and each slot; g is only read.
UPDATE_BYTES = {"adam": 28, "adamw": 28, "momentum": 20, "sgd": 12}
_REPEATS = 5
TILE = 64, 32, 128  # rows, columns and depth of a product whose operands L1 holds
_TRIAD_BYTES = 256 * 2**20  # an array; at least four times any last-level cache


@cache
def _kernels() -> Any:
    import numba

    from ...kernels.tile import multiply

    @numba.njit(fastmath=True, nogil=True)
    def multiply_adds(rounds):
        # Sixteen vectors of sixteen: enough to hide the latency of each.
        a = np.full(256, np.float32(0.5))
        x, y = np.float32(0.999), np.float32(0.001)
        for _ in range(rounds):
            for k in range(256):
                a[k] = a[k] * x + y
        return a.sum()

    @numba.njit(nogil=True)
    def tiles(calls, c, a, b):
        sizes = (c.shape[0], c.shape[1], b.shape[0])
        strides = (c.shape[1], a.shape[1], b.shape[1])
        for _ in range(calls):
            multiply(c, a, b, (0, 0, 0), sizes, strides)

    @numba.njit(fastmath=True, nogil=True)
    def triad(a, b, c, scalar):
        for i in range(a.size):
            a[i] = b[i] + scalar * c[i]

    return multiply_adds, tiles, triad


def _together(call: Callable[[int], Any], threads: int) -> float:
    """`_best` of call(k) for k < threads, at the same time."""
    with ThreadPoolExecutor(threads) as pool:
        return _best(lambda: list(pool.map(call, range(threads))))


def _best(call: Callable[[], Any]) -> float:
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
    plain, tiled, _ = _kernels()
    rounds = 1_000_000
    (m, n, depth), calls = TILE, 20_000
    shapes = (threads, m, n), (threads, m, depth), (threads, depth, n)
    c, a, b = (np.ones(shape, np.float32) for shape in shapes)
    seconds = _together(lambda t: plain(rounds), threads)
    tile_seconds = _together(lambda t: tiled(calls, c[t], a[t], b[t]), threads)
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
    size = _TRIAD_BYTES // 4
    shares = [np.array_split(np.ones(size, np.float32), threads) for _ in range(3)]
    seconds = _together(
        lambda t: _kernels()[2](*(share[t] for share in shares), np.float32(2)), threads
    )
    return 3 * _TRIAD_BYTES / seconds / 1e9
