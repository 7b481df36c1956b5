"""Who may use which core: threads of ours, and none of BLAS's beside them.

Threads are plain ones of Python, in compiled code that lets go of Python's lock: any
thread may train, and so may a process that was forked from one that has trained.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import cache
from threading import Lock
from typing import Any

from numba.core import config
from threadpoolctl import ThreadpoolController

from .validation import check_count


@cache
def _blas():
    # SciPy's BLAS, which Numba calls, must be loaded before it can be found.
    import scipy.linalg.cython_blas  # noqa: F401

    return ThreadpoolController().select(user_api="blas")


class _OneThread:
    """BLAS on one thread while anybody uses it so; the setting is the process's."""

    def __init__(self):
        self._lock, self._users, self._limit = Lock(), 0, None

    def enter(self):
        with self._lock:
            if self._users == 0:
                self._limit = _blas().limit(limits=1)
            self._users += 1

    def leave(self):
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._restore()

    def after_fork(self):
        """Only the thread that forked lives on: the others use nothing any more."""
        self._lock, self._users = Lock(), 0
        self._restore()

    def _restore(self):
        limit, self._limit = self._limit, None
        if limit is not None:
            limit.restore_original_limits()


_one_thread = _OneThread()


@contextmanager
def one_blas_thread():
    """BLAS on one thread inside the with block, in whichever threads it is entered.

    BLAS threads under ours cost a factor of tens. The first to enter notes how many
    threads BLAS had, the last to leave gives them back.
    """
    _one_thread.enter()
    try:
        yield
    finally:
        _one_thread.leave()


def available_threads():
    """Threads a kernel may use: the usable cores, or NUMBA_NUM_THREADS if given."""
    return config.NUMBA_NUM_THREADS  # pyright: ignore[reportAttributeAccessIssue]


def chosen_threads(threads):
    """`threads` checked and cut to what is available; None is all of them."""
    most = available_threads()
    return most if threads is None else min(check_count("threads", threads), most)


@cache
def _helpers():
    """Threads that wait for work, as many as may run beside the caller's."""
    most = max(available_threads() - 1, 1)
    return ThreadPoolExecutor(most, "gradclinic", _begin_thread)


def _begin_thread():
    """A BLAS on top of OpenMP has a setting in each thread: one thread under ours."""
    for library in _blas().lib_controllers:
        if getattr(library, "threading_layer", None) == "openmp":
            library.set_num_threads(1)


def share(work: Callable[[int], Any], threads: int, stop: Callable[[], Any]) -> None:
    """Call work(k) for k < threads, side by side, work(0) on the caller's thread.

    Each call takes tasks that all of them share, until none is left: one that begins
    late, or never, since all helpers are busy elsewhere or no thread can be started, is
    not missed. stop(): from now on no task is left. Raises the first error of a call,
    Ctrl-C too, after what others had begun has ended.
    """
    if threads == 1:
        work(0)
        return
    begun = []
    try:
        with suppress(RuntimeError):  # no further thread, or Python is closing
            begun.extend(_helpers().submit(work, k) for k in range(1, threads))
        work(0)
    finally:
        stop()
        begun = [helper for helper in begun if not helper.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()


def _after_fork():
    """A fork takes no threads along, nor what they were in the middle of."""
    _helpers.cache_clear()
    _one_thread.after_fork()


os.register_at_fork(after_in_child=_after_fork)
