"""What is kept of a device is its own, and is set once; by a driver that stands in."""

import sys
from enum import IntEnum
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from gradclinic.kernels.cuda import gpu as module
from gradclinic.kernels.cuda import library, rows
from gradclinic.kernels.cuda.gpu import Gpu
from gradclinic.kernels.device import DeviceError

KB = 1024
MOST, STATIC = 227 * KB, 2 * KB


class Status(IntEnum):
    CUDA_SUCCESS = 0
    CUDA_ERROR_INVALID_VALUE = 1


class Device(SimpleNamespace):
    """As Numba has it."""

    MAX_THREADS_PER_MULTIPROCESSOR = 2048
    MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = MOST


class Driver(ModuleType):
    """Sets a kernel's limit of shared memory, as it is said: no maximum is kept."""

    CUresult = Status
    CUfunction_attribute = SimpleNamespace(
        CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES=8
    )

    def __init__(self):
        super().__init__("driver")
        self.limits, self.calls, self.status = {}, 0, Status.CUDA_SUCCESS

    def cuKernelSetAttribute(self, attribute, size, kernel, device):
        assert attribute == 8
        self.calls += 1
        if size > MOST - STATIC:
            return (Status.CUDA_ERROR_INVALID_VALUE,)
        self.limits[kernel, device] = size
        return (self.status,)


class Compiled:
    """A kernel's code, whose launches the driver refuses beyond its limit."""

    def __init__(self, driver, current):
        self.driver, self.current = driver, current
        attrs, kernel = SimpleNamespace(shared=STATIC), SimpleNamespace(handle=self)
        function = SimpleNamespace(attrs=attrs, kernel=kernel)
        self.library = SimpleNamespace(get_cufunc=lambda: function)
        self.overloads, self.bound = {(): self}, 0

    def bind(self):
        self.bound += 1

    def __getitem__(self, configuration):
        *_, shared = configuration
        limit = self.driver.limits.get((self, self.current[0]), 48 * KB)
        assert shared <= limit, "CUDA_ERROR_INVALID_VALUE"
        return lambda *arguments: None


@pytest.fixture
def current():
    """[the number of the device that is current]"""
    return [0]


@pytest.fixture
def driver(monkeypatch, current):
    driver = Driver()
    for name in ("cuda", "cuda.bindings"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "cuda.bindings.driver", driver)
    devices = [Device(id=k, MULTIPROCESSOR_COUNT=100 + k) for k in range(2)]
    stand_in = SimpleNamespace(get_current_device=lambda: devices[current[0]])
    monkeypatch.setattr(module, "cuda", stand_in)
    monkeypatch.setattr(module, "SIMULATED", False)
    monkeypatch.setattr(module, "_gpus", {})
    return driver


@pytest.fixture
def kernel(driver, current, monkeypatch):
    """A kernel that is compiled by a stand-in."""
    made = lambda kernel, dtype: Compiled(driver, current)  # noqa: E731
    monkeypatch.setattr(type(rows.copy), "compiled", made)
    return rows.copy


@pytest.mark.parametrize("sizes", [(150, 100, 150), (100, 150, 225)], ids=str)
def test_a_kernel_takes_shared_memory_in_any_order(kernel, driver, sizes):
    for size in sizes:
        kernel.launch("float32", 1, 3, shared=size * KB)
    assert driver.calls == 1


def test_each_device_has_its_own_code_and_facts(kernel, driver, current):
    found = []
    for current[0] in (0, 1, 0):
        kernel.launch("float32", 1, 3, shared=150 * KB)
        found.append((module.gpu(), kernel.code("float32")))
    assert found[0] == found[2] and found[0][1] is not found[1][1]
    assert [each.multiprocessors for each, _ in found] == [100, 101, 100]
    assert driver.calls == 2


def test_a_refusal_is_a_sentence(kernel, driver):
    driver.status = Status.CUDA_ERROR_INVALID_VALUE
    with pytest.raises(DeviceError, match="230,400 bytes of shared memory"):
        kernel.launch("float32", 1, 3)


def test_arrays_of_the_host_are_refused():
    with pytest.raises(TypeError, match=r"rows\.copy takes arrays of the device"):
        rows.copy.launch("float32", 1, 0, np.zeros(2, "f"), np.zeros(2, "f"))


class Library:
    """cuBLAS, as far as it is started."""

    def __init__(self):
        self.started = 0

    def cublasCreate_v2(self, handle):
        self.started += 1
        handle._obj.value = self.started
        return 0

    def cublasSetMathMode(self, handle, mode):
        return 0


def test_trainings_share_the_handle_of_cublas_and_no_workspace(monkeypatch):
    here, blas = Gpu(1, 0, 0), Library()
    monkeypatch.setattr(library, "gpu", lambda: here)
    first, second = library.CuBlas(blas), library.CuBlas(blas)
    assert blas.started == 1 and first._handle is second._handle
    assert first._workspace is not second._workspace
    del first, second  # gives nothing back: the library has no such call
    assert library.CuBlas(blas)._handle.value == 1
