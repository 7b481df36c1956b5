"""Launches recorded once as a CUDA graph and replayed: one call to the driver a step.

A launch from Python works out its arguments anew, which for a small kernel would cost
the host more time than the device takes.
"""

from importlib import import_module

from .jit import COMPILE, SIMULATED


def recorded(enqueue, stream):
    """A function without arguments that does again what `enqueue(stream)` launches.

    enqueue is called with `COMPILE` first, since nothing can be compiled or loaded
    while a graph is recorded; it must launch on its stream alone, and the same arrays
    are used at each replay. In the simulator enqueue itself is called each time.
    """
    enqueue(COMPILE)
    if SIMULATED:
        return lambda: enqueue(stream)
    driver = import_module("cuda.bindings.driver")
    handle = driver.CUstream(int(stream))
    mode = driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED
    checked(driver.cuStreamBeginCapture(handle, mode))
    try:
        enqueue(stream)
    finally:
        graph = checked(driver.cuStreamEndCapture(handle))
    code = checked(driver.cuGraphInstantiate(graph, 0))
    checked(driver.cuGraphDestroy(graph))
    return lambda: checked(driver.cuGraphLaunch(code, handle))


def checked(answer):
    """What a call of the driver returned beside its status; RuntimeError on failure."""
    status, *values = answer
    if int(status):
        driver = import_module("cuda.bindings.driver")
        _, text = driver.cuGetErrorString(status)
        raise RuntimeError(f"{status.name}: {(text or b'no text').decode()}")
    return values[0] if values else None
