"""The NVIDIA driver, asked without `numba.cuda`: is there a GPU that can be used?"""

import ctypes
import os
from functools import cache
from importlib.util import find_spec

INSTALL = 'pip install "gradclinic[cuda13]"'
# What the CUDA 13 toolkit of that extra needs: a driver of CUDA 13, which they count as
# 580, and a GPU of this compute capability (Turing, 2018) or a newer one.
OLDEST_CUDA, OLDEST_DRIVER, OLDEST_CAPABILITY = 13_000, 580, (7, 5)
# Values of CUDA_VISIBLE_DEVICES that leave no GPU.
HIDING = ("", "-1")
# From cuda.h: CUresult, CUdevice_attribute.
_NO_DEVICE, _CAPABILITY = 100, (75, 76)


def load_driver():
    """The driver's library; None where it cannot be loaded."""
    try:
        return ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return None


def absence():
    """Why no GPU can be used here, in one sentence; None where one can.

    Asked from the driver up, and once a process and GPU: the driver keeps what it saw
    first. The GPU is the one that is current in this thread, else the first, as Numba
    chooses.
    """
    return _absence() or _age(_current(load_driver()))


@cache
def _absence():
    """Why no GPU at all can be used; None where one can, if it is not too old."""
    driver = load_driver()
    if driver is None:
        return "There is no NVIDIA GPU here, or its driver is not installed."
    version = ctypes.c_int()
    driver.cuDriverGetVersion(ctypes.byref(version))
    if version.value < OLDEST_CUDA:
        return (
            f"The NVIDIA driver is one of CUDA {_told(version.value)}, and CUDA"
            f" {_told(OLDEST_CUDA)} needs driver {OLDEST_DRIVER} or newer: update it."
        )
    if refusal := _refusal(driver):
        return refusal
    if find_spec("numba_cuda") is None:
        return f"The GPU needs the package numba-cuda: {INSTALL}"
    return None


def _refusal(driver):
    """Why the driver has no GPU for this process; None where it has one."""
    status, count = driver.cuInit(0), ctypes.c_int()
    if status == 0:
        status = driver.cuDeviceGetCount(ctypes.byref(count))
    if status == _NO_DEVICE or (status == 0 and count.value == 0):
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        if visible is not None:
            return f"CUDA_VISIBLE_DEVICES={visible!r} hides every GPU: unset it."
        return "The NVIDIA driver finds no GPU."
    if status != 0:
        return f"The NVIDIA driver does not start (CUDA error {status}): try nvidia-smi"
    return None


@cache
def _age(device):
    """Why a device is too old, in one sentence; None where it is not."""
    driver = load_driver()
    found = tuple(_attribute(driver, number, device) for number in _CAPABILITY)
    if found < OLDEST_CAPABILITY:
        have, need = (f"{major}.{minor}" for major, minor in (found, OLDEST_CAPABILITY))
        return f"The GPU has compute capability {have}, and CUDA 13 needs {need}."
    return None


def _current(driver):
    """The device of this thread's context; the first where it has none."""
    device = ctypes.c_int()
    if driver.cuCtxGetDevice(ctypes.byref(device)):
        return 0
    return device.value


def _attribute(driver, number, device):
    value = ctypes.c_int()
    driver.cuDeviceGetAttribute(ctypes.byref(value), number, device)
    return value.value


def _told(version):
    """A version of CUDA as people write it: 13000 is 13.0."""
    return f"{version // 1000}.{version % 1000 // 10}"
