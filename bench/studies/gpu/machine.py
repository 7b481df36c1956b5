"""What a measurement was made on."""

import platform
from datetime import date
from typing import Any

from ....kernels.cuda.jit import SIMULATED, cuda
from ...measurement.machine import cpu_model, package_version
from .nvml import driver_version
from .settings import GpuSettings

PACKAGES = (
    "numba",
    "numba-cuda",
    "cuda-bindings",
    "cuda-core",
    "numpy",
    "scipy",
    "torch",
    "jax",
    "jaxlib",
    "jax-cuda13-plugin",
    "nvidia-cublas",
)


def measured_on(settings: GpuSettings) -> dict[str, Any]:
    """The `measured_on` of a measurement."""
    versions = {name: package_version(name) for name in PACKAGES}
    return {
        "machine": platform.platform(),
        "cpu": cpu_model(),
        "cores": settings.threads,
        **_gpu(),
        "driver": driver_version() or "unknown",
        "date": date.today().isoformat(),
        "versions": {
            "python": platform.python_version(),
            **{name: found for name, found in versions.items() if found},
        },
        "simulated": SIMULATED,
    }


def _gpu() -> dict[str, Any]:
    if SIMULATED:
        return {
            "gpu": "none: Numba's simulator",
            "capability": "0.0",
            "multiprocessors": 0,
            "memory_bytes": 0,
        }
    device, context = cuda.get_current_device(), cuda.current_context()
    name = device.name.decode() if isinstance(device.name, bytes) else device.name
    major, minor = device.compute_capability
    return {
        "gpu": str(name),
        "capability": f"{major}.{minor}",
        "multiprocessors": int(device.MULTIPROCESSOR_COUNT),
        "memory_bytes": int(context.get_memory_info()[1]),
    }
