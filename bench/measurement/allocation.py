"""The bytes that a call allocates, as Python traces them."""

import gc
import tracemalloc
from collections.abc import Callable


def allocated(call: Callable[[], object]) -> int:
    """Bytes that a call held at once at most, above what was held before it.

    What NumPy and Python allocate; machine code does not count.
    """
    collected, tracing = gc.isenabled(), tracemalloc.is_tracing()
    gc.disable()  # what is freed meanwhile was not held by this
    if not tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()
        if collected:
            gc.enable()
