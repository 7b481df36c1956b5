"""Launches recorded once as a CUDA graph and replayed: one call to the driver a step.

A launch from Python works out its arguments anew, which for a small kernel would cost
the host more time than the device takes.
"""

import gc
import weakref
from contextlib import contextmanager
from importlib import import_module

from .gpu import gpu
from .jit import COMPILE
from .toolchain import SIMULATED, cuda


class Recorded:
    """What `enqueue(stream)` launches, to be launched again by `replay`.

    enqueue is called with `COMPILE` first, since nothing can be compiled or loaded
    while a graph is recorded; it must launch on its stream alone, and the same arrays
    are used at each replay, so that it, and what it refers to, is kept here. In the
    simulator enqueue itself is called each time.
    """

    def __init__(self, enqueue, stream):
        self.enqueue, self.stream = enqueue, stream
        with gpu().lock:
            enqueue(COMPILE)
            if not SIMULATED:
                self._handle, self._graph = _recorded(enqueue, stream)
                # With the frees that Numba puts off: not while another is recorded.
                later = cuda.current_context().deallocations.add_item
                weakref.finalize(self, later, _destroy, self._graph).atexit = False

    def replay(self):
        """Launch all of it on the stream; does not wait."""
        if SIMULATED:
            self.enqueue(self.stream)
        else:
            driver = import_module("cuda.bindings.driver")
            checked(driver.cuGraphLaunch(self._graph, self._handle))


def _recorded(enqueue, stream):
    """(the stream's handle, the graph of what was launched on it, ready to launch)."""
    driver = import_module("cuda.bindings.driver")
    handle = driver.CUstream(int(stream))
    mode = driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED
    with _undisturbed():
        checked(driver.cuStreamBeginCapture(handle, mode))
        try:
            enqueue(stream)
        except BaseException:
            # What ending says then is that the recording is invalid, not why.
            _, *graphs = driver.cuStreamEndCapture(handle)
            for graph in filter(None, graphs):
                driver.cuGraphDestroy(graph)
            raise
        graph = checked(driver.cuStreamEndCapture(handle))
        try:
            return handle, checked(driver.cuGraphInstantiate(graph, 0))
        finally:
            checked(driver.cuGraphDestroy(graph))


@contextmanager
def _undisturbed():
    """Nothing is freed inside, neither by Numba nor by Python's collector.

    A free may wait for the device, which is not allowed in a recording.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with cuda.defer_cleanup():
            yield
    finally:
        if collects:
            gc.enable()


def _destroy(graph):
    import_module("cuda.bindings.driver").cuGraphExecDestroy(graph)


def checked(answer):
    """What a call of the driver returned beside its status; RuntimeError on failure."""
    status, *values = answer
    if int(status):
        driver = import_module("cuda.bindings.driver")
        _, text = driver.cuGetErrorString(status)
        raise RuntimeError(f"{status.name}: {(text or b'no text').decode()}")
    return values[0] if values else None
