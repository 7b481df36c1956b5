"""Can this GPU be used? One tiny kernel is compiled, launched and recorded."""

import numpy as np

from .errors import device_errors
from .jit import cuda
from .record import Recorded
from .rows import copy

DTYPE, SIZE = "float32", 1000


def try_gpu(say=lambda stage: None):
    """Copy some numbers on the GPU by a launch, then by a recorded one.

    say: is told what is done next, in a word. Raises DeviceError where a library of the
    GPU fails, RuntimeError where the numbers are wrong, and whatever a compilation
    raises.
    """
    with device_errors():
        say("compiling")
        copy.code(DTYPE)
        say("launching")
        numbers = np.arange(SIZE, dtype=DTYPE)
        source, stream = cuda.to_device(numbers), cuda.stream()
        once, again = (cuda.device_array(SIZE, DTYPE) for _ in range(2))
        copy.launch(DTYPE, copy.blocks(SIZE), stream, once, source)
        _compare(once, numbers, stream)
        say("recording")

        def enqueue(stream):
            copy.launch(DTYPE, copy.blocks(SIZE), stream, again, source)

        Recorded(enqueue, stream).replay()
        _compare(again, numbers, stream)


def _compare(found, numbers, stream):
    if not np.array_equal(found.copy_to_host(stream=stream), numbers):
        raise RuntimeError("the GPU's numbers are wrong")
