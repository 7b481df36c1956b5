"""What is recorded is kept, replayed and given back; by a driver that stands in."""

import gc
import sys
import weakref
from contextlib import contextmanager
from enum import IntEnum
from threading import Event, Thread
from types import ModuleType, SimpleNamespace

import pytest
from gradclinic.kernels.cuda import record
from gradclinic.kernels.cuda.gpu import gpu
from gradclinic.kernels.cuda.jit import COMPILE
from gradclinic.kernels.cuda.record import Recorded

STREAM = 7


class Status(IntEnum):
    SUCCESS = 0
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901


class Graph:
    """A graph, or one that can be launched."""


class Driver(ModuleType):
    """The calls of the driver that are used. recording: is a stream being recorded?"""

    CUstream = int
    CUstreamCaptureMode = SimpleNamespace(CU_STREAM_CAPTURE_MODE_RELAXED=2)

    def __init__(self):
        super().__init__("driver")
        self.recording, self.valid = False, True
        self.destroyed, self.launched = [], []

    def cuStreamBeginCapture(self, stream, mode):
        assert (stream, mode) == (STREAM, 2)
        self.recording, self.valid = True, True
        return (Status.SUCCESS,)

    def cuStreamEndCapture(self, stream):
        self.recording = False
        if not self.valid:
            return Status.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, None
        return Status.SUCCESS, Graph()

    def cuGraphInstantiate(self, graph, flags):
        return Status.SUCCESS, Graph()

    def cuGraphDestroy(self, graph):
        self.destroyed.append(graph)
        return (Status.SUCCESS,)

    def cuGraphExecDestroy(self, graph):
        assert not self.recording
        self.destroyed.append(graph)
        return (Status.SUCCESS,)

    def cuGraphLaunch(self, graph, stream):
        assert graph not in self.destroyed
        self.launched.append(graph)
        return (Status.SUCCESS,)

    def cuGetErrorString(self, status):
        return Status.SUCCESS, b"words"

    def copy(self):
        """On the default stream, which breaks off whatever is recorded."""
        self.valid = self.valid and not self.recording


class Context:
    """Numba's, whose frees are put off."""

    def __init__(self):
        self.deferred, self.pending = 0, []
        self.deallocations = SimpleNamespace(add_item=self._add)

    def _add(self, destroy, handle, size=0):
        self.pending.append((destroy, handle))

    def clear(self):
        for destroy, handle in self.pending:
            destroy(handle)
        self.pending.clear()

    @contextmanager
    def defer_cleanup(self):
        self.deferred += 1
        try:
            yield
        finally:
            self.deferred -= 1


@pytest.fixture
def context(monkeypatch):
    context = Context()
    stand_in = SimpleNamespace(
        current_context=lambda: context, defer_cleanup=context.defer_cleanup
    )
    monkeypatch.setattr(record, "cuda", stand_in)
    monkeypatch.setattr(record, "SIMULATED", False)
    return context


@pytest.fixture
def driver(context, monkeypatch):
    driver = Driver()
    for name in ("cuda", "cuda.bindings"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "cuda.bindings.driver", driver)
    return driver


class Array:
    """Something on the device."""


def enqueue_of(array, seen):
    return lambda stream: seen.append((stream, array))


def test_what_it_launched_is_kept_until_it_goes(driver, context):
    array, seen = Array(), []
    kept, made = weakref.ref(array), Recorded(enqueue_of(array, seen), STREAM)
    assert [stream for stream, _ in seen] == [COMPILE, STREAM]
    seen.clear()
    del array
    gc.collect()
    assert kept() is not None
    made.replay()
    made.replay()
    assert len(driver.launched) == 2 and not seen
    del made
    # At once: what is on the device must not wait for Python's collector.
    assert kept() is None


def test_its_graph_is_destroyed_with_numbas_own_frees(driver, context):
    made = Recorded(lambda stream: None, STREAM)
    made.replay()
    (graph,) = driver.launched
    assert graph not in driver.destroyed
    del made
    gc.collect()
    assert graph not in driver.destroyed  # another may be recorded just now
    context.clear()
    assert graph in driver.destroyed


def test_the_first_error_is_the_one_that_is_raised(driver, context):
    def fails(stream):
        if stream is not COMPILE:
            driver.copy()
            raise ValueError("the cause")

    with pytest.raises(ValueError, match="the cause"):
        Recorded(fails, STREAM)
    assert not driver.recording and not context.deferred and gc.isenabled()


def test_an_invalid_recording_is_said(driver):
    def disturbed(stream):
        if stream is not COMPILE:
            driver.copy()

    with pytest.raises(RuntimeError, match="CAPTURE_INVALIDATED: words"):
        Recorded(disturbed, STREAM)


@pytest.mark.parametrize("collects", [True, False])
def test_nothing_is_freed_while_it_is_recorded(driver, context, collects):
    def enqueue(stream):
        if stream is not COMPILE:
            assert context.deferred == 1 and not gc.isenabled()

    if not collects:
        gc.disable()
    try:
        Recorded(enqueue, STREAM)
        assert gc.isenabled() == collects and context.deferred == 0
    finally:
        gc.enable()


def test_a_second_thread_is_not_set_up_while_the_first_is_recorded(driver):
    recording, failed = Event(), []

    def enqueue(stream):
        if stream is not COMPILE:
            recording.set()
            second.join(0.2)  # it would be done by then, were it not kept waiting

    def set_up():
        recording.wait()
        with gpu().lock:
            driver.copy()

    def first():
        try:
            Recorded(enqueue, STREAM)
        except RuntimeError as error:
            failed.append(error)

    second, thread = Thread(target=set_up), Thread(target=first)
    second.start()
    thread.start()
    thread.join()
    second.join()
    assert not failed
