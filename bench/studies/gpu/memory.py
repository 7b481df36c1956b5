"""The `memory` of a measurement, in bytes."""

from ....kernels.cuda.jit import SIMULATED, cuda
from ...measurement.memory import process_memory
from .settings import GpuSettings


def measure(settings: GpuSettings, part) -> dict:
    """The device's whole and free memory now, and the most this process has used."""
    free = total = 0
    if not SIMULATED:
        free, total = cuda.current_context().get_memory_info()
    found = process_memory()
    if found is None:
        part.leave_out("memory: the host's peak needs Linux's /proc.")
    return {
        "device_total": int(total),
        "device_free": int(free),
        "host_peak": found["VmHWM"] if found else 0,
    }
