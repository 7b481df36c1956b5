"""The driver's own meter of energy, and its version, by NVML.

The library comes with the driver, so that no package is needed.
Source: NVIDIA, NVML API Reference, nvmlDeviceGetTotalEnergyConsumption.
"""

import ctypes
import time
from functools import cache


@cache
def library():
    """NVML, started; None where it is not there or does not start."""
    try:
        found = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return None
    return None if found.nvmlInit_v2() else found


def driver_version() -> str | None:
    """The driver's version, as "580.95.05"."""
    nvml, text = library(), ctypes.create_string_buffer(96)
    if nvml is None or nvml.nvmlSystemGetDriverVersion(text, len(text)):
        return None
    return text.value.decode()


class Meter:
    """What a device has consumed since the driver was loaded. uuid: "GPU-..."."""

    def __init__(self, uuid: str) -> None:
        self.nvml, self.device = library(), ctypes.c_void_p()
        name = uuid.encode()
        self.found = False
        if self.nvml is not None:
            handle = ctypes.byref(self.device)
            self.found = self.nvml.nvmlDeviceGetHandleByUUID(name, handle) == 0

    def joules(self) -> float | None:
        """None where the device has no meter (those before Volta have none)."""
        if self.nvml is None or not self.found:
            return None
        read = ctypes.c_ulonglong()
        address = ctypes.byref(read)
        if self.nvml.nvmlDeviceGetTotalEnergyConsumption(self.device, address):
            return None
        return read.value / 1e3


def consumed(meter, call, least: float, clock=time.perf_counter):
    """(calls, joules, seconds) of calling for at least so many seconds."""
    before, began, calls = meter.joules(), clock(), 0
    while (seconds := clock() - began) < least:
        call()
        calls += 1
    return calls, meter.joules() - before, seconds
