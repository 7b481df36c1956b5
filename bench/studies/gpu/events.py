"""Seconds of work on a GPU, by its own events.

Source: NVIDIA, CUDA C++ Best Practices Guide, section "Using CUDA GPU Timers".
"""

import time
from collections.abc import Callable

import numpy as np

from ....kernels.cuda.jit import SIMULATED, cuda
from ....kernels.cuda.record import Recorded

# More than the second-level cache of any GPU.
FLUSHED = 256 * 2**20
MOST_CALLS = 100_000


def device_seconds(call: Callable[[], object], stream, calls: int = 1) -> float:
    """Seconds that so many calls' work takes on a stream, between two events.

    Where the GPU waits for the host's next call, that counts too, and so do the events
    themselves, which take microseconds: the time of one short launch is an upper bound.
    The simulator has no clock: there it is the host's.
    """
    if SIMULATED:
        began = time.perf_counter()
        for _ in range(calls):
            call()
        return time.perf_counter() - began
    start, end = cuda.event(), cuda.event()
    start.record(stream)
    for _ in range(calls):
        call()
    end.record(stream)
    end.synchronize()
    return start.elapsed_time(end) / 1e3


def samples(
    call: Callable[[], object], stream, count: int, least: float, budget=None
) -> list[float]:
    """Seconds a call: so many samples of at least `least` seconds, after a warm-up.

    budget: a `Part`; once its time is up there are no more samples than one.
    """
    return interleaved({"": call}, stream, count, least, budget)[""]


def interleaved(calls: dict, stream, count: int, least: float, budget=None) -> dict:
    """`samples` of several calls, taken in turns: name -> seconds."""
    loops, found = {}, {name: [] for name in calls}
    for name, call in calls.items():
        once = min(device_seconds(call, stream) for _ in range(2))
        loops[name] = min(MOST_CALLS, max(1, int(np.ceil(least / max(once, 1e-7)))))
    for k in range(count):
        if k and budget and budget.spent:
            break
        for name, call in calls.items():
            seconds = device_seconds(call, stream, loops[name])
            found[name].append(seconds / loops[name])
    return found


class Flush:
    """Writes more than the caches hold, so that what follows starts without them."""

    def __init__(self, stream) -> None:
        size = 16 if SIMULATED else FLUSHED // 4
        self.stream = stream
        self.out, self.source = (cuda.device_array(size, np.float32) for _ in range(2))

    def __call__(self) -> None:
        self.out.copy_to_device(self.source, stream=self.stream)

    def samples(self, enqueue, count: int, budget=None) -> list[float]:
        """Seconds of one launch, caches flushed before each. enqueue: as `Recorded`'s.

        The host has the launch queued before the flush is done, so it does not count.
        """
        call, found = Recorded(enqueue, self.stream).replay, []
        call()
        for k in range(count):
            if k and budget and budget.spent:
                break
            self()
            found.append(device_seconds(call, self.stream))
        return found
