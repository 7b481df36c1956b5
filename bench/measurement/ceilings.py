"""What the machine can do at most: multiply-adds, matrix products, memory traffic.

Sources: Williams, Waterman & Patterson (2009) for the roofline; McCalpin (1995) for
the triad, counted as STREAM counts it: two arrays read, one written, no more.
"""

import time
from functools import cache
from typing import Any

import numpy as np

_REPEATS = 5
_TRIAD_BYTES = 256 * 2**20  # an array; at least four times any last-level cache


@cache
def _kernels() -> Any:
    import numba
    from numba import prange

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

    @numba.njit(fastmath=True, parallel=True)
    def triad(a, b, c, scalar):
        for i in prange(a.size):
            a[i] = b[i] + scalar * c[i]

    return multiply_adds, triad


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
    """GFLOP/s of independent float32 multiply-adds (two each) from registers or L1."""
    from ...kernels.threads import limited

    out, rounds = np.empty(threads, np.float32), 1_000_000
    with limited(threads):
        seconds = _best(lambda: _kernels()[0](threads, rounds, out))
    return 2 * 256 * rounds * threads / seconds / 1e9


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
        seconds = _best(lambda: _kernels()[1](a, b, c, np.float32(2)))
    return 3 * _TRIAD_BYTES / seconds / 1e9
