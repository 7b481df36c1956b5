"""Who may use which core: Numba's threads and BLAS's never at the same time.

BLAS threads under Numba threads cost a factor of tens, so BLAS runs with one thread
while a kernel runs, and both settings are restored whatever the environment says.
"""

from contextlib import contextmanager
from functools import cache

import numba
from numba.core import config
from threadpoolctl import ThreadpoolController

from .validation import check_count


@cache
def _blas():
    # SciPy's BLAS, which Numba calls, must be loaded before it can be found.
    import scipy.linalg.cython_blas  # noqa: F401

    return ThreadpoolController().select(user_api="blas")


@contextmanager
def limited(threads):
    """Numba on `threads` threads and BLAS on one, inside the with block."""
    before = numba.get_num_threads()
    numba.set_num_threads(threads)
    try:
        with _blas().limit(limits=1):
            yield
    finally:
        numba.set_num_threads(before)


def available_threads():
    """Threads a kernel may use: the usable cores, or NUMBA_NUM_THREADS if fewer."""
    return config.NUMBA_NUM_THREADS  # pyright: ignore[reportAttributeAccessIssue]


def chosen_threads(threads):
    """`threads` checked and cut to what is available; None is all of them."""
    most = available_threads()
    return most if threads is None else min(check_count("threads", threads), most)
