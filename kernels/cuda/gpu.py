"""What is known and kept of a GPU: its limits, its code, cuBLAS's handle there.

Numba uses the device that is current in a thread, which is the first one unless the
program makes another current; only CUDA_VISIBLE_DEVICES chooses for a command.
"""

from importlib import import_module
from threading import RLock

from ..device import DeviceError
from .toolchain import SIMULATED, cuda

# Of the simulator: bytes of shared memory that a block may ask for.
SIMULATED_SHARED = 64 * 1024
# Of these the system takes so many for itself, on some GPUs as the kernel's own.
RESERVED = 1024


class Gpu:
    """A device. multiprocessors: how many; threads: that one holds at once; shared:
    bytes of shared memory that a block may ask for.

    lock: held while a training is set up or its launches are recorded. A copy on the
    default stream, as set-up makes them, by another thread would break a recording off.
    """

    def __init__(self, multiprocessors, threads, shared):
        self.multiprocessors, self.threads = multiprocessors, threads
        self.shared, self.lock = shared, RLock()
        self._code, self._kept = {}, {}

    @property
    def dynamic(self):
        """Bytes of dynamic shared memory that a kernel without any other may take."""
        return self.shared - RESERVED

    def code(self, kernel, dtype):
        """A `Kernel` as Numba compiled it for a dtype and loaded it here."""
        with self.lock:
            if (kernel, dtype) not in self._code:
                code = self._code[kernel, dtype] = kernel.compiled(dtype)
                if not SIMULATED:
                    _loaded(code, self.shared)
            return self._code[kernel, dtype]

    def kept(self, name, make):
        """What make() gave when it was first asked for here, kept by a name."""
        with self.lock:
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]


def _loaded(code, most):
    """Load what was compiled; a block of it may take all the shared memory there is.

    The limit is the kernel's, not a launch's, and it is of the dynamic part.
    """
    driver = import_module("cuda.bindings.driver")
    (compiled,) = code.overloads.values()
    compiled.bind()
    function = compiled.library.get_cufunc()
    names = driver.CUfunction_attribute
    attribute = names.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
    size, number = most - function.attrs.shared, cuda.get_current_device().id
    (status,) = driver.cuKernelSetAttribute(
        attribute, size, function.kernel.handle, number
    )
    if status != driver.CUresult.CUDA_SUCCESS:
        raise DeviceError(
            f"The GPU does not give a block {size:,} bytes of shared memory"
            f" ({status.name}): train on the CPU."
        )


_gpus: dict[int, Gpu] = {}
_making = RLock()


def gpu():
    """The `Gpu` that this thread uses."""
    device = None if SIMULATED else cuda.get_current_device()
    number = device.id if device else 0
    with _making:
        if number not in _gpus:
            _gpus[number] = _asked(device)
        return _gpus[number]


def _asked(device):
    if device is None:
        return Gpu(1, 0, SIMULATED_SHARED)
    return Gpu(
        device.MULTIPROCESSOR_COUNT,
        device.MAX_THREADS_PER_MULTIPROCESSOR,
        device.MAX_SHARED_MEMORY_PER_BLOCK_OPTIN,
    )
