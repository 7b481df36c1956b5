"""Speed of single-precision matrix products; as a program it prints the figure."""

import time

import numpy as np

_SIZE = 384
_SECONDS = 0.05


def sgemm_rate() -> float:
    """Return GFLOP/s of SciPy's sgemm (which Numba calls too) on one thread.

    The best of three runs of 50 ms together, after a warm-up.
    """
    from scipy.linalg import get_blas_funcs
    from threadpoolctl import threadpool_limits

    a = np.ones((_SIZE, _SIZE), np.float32, order="F")
    c = np.zeros_like(a)
    (sgemm,) = get_blas_funcs(("gemm",), (a,))
    with threadpool_limits(1):
        sgemm(1.0, a, a, c=c, overwrite_c=1)
        return max(_run(sgemm, a, c) for _ in range(3))


def _run(sgemm, a: np.ndarray, c: np.ndarray) -> float:
    calls, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < _SECONDS / 3:
        sgemm(1.0, a, a, c=c, overwrite_c=1)
        calls += 1
    return 2 * _SIZE**3 * calls / seconds / 1e9


if __name__ == "__main__":
    print(sgemm_rate())
