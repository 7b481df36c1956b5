"""The `ceilings` of a measurement: the most that GPU and CPU can do."""

import numpy as np

from ....kernels.cuda.jit import SIMULATED, cuda
from . import events
from .processes import cpu_process
from .products import flops_per_s
from .settings import GpuSettings

_UNKNOWN = {"cpu_flops_per_s": None, "cpu_bytes_per_s": None}


def measure(settings: GpuSettings, part) -> dict:
    """Bytes a second of a copy on the device, read and written; the CPU's ceilings.

    Operations a second are those of the largest product of the part `products`.
    """
    found: dict[str, float | None] = {"copy_bytes_per_s": copy_speed(settings, part)}
    largest = max(
        part.content.get("products") or [],
        key=lambda product: np.prod(product["size"], dtype=float),
        default=None,
    )
    for name in ("own", "cublas"):
        speed = None if largest is None else flops_per_s(largest, name)
        found[f"{name}_flops_per_s"] = speed
    return {**found, **_cpu(settings, part)}


def copy_speed(settings: GpuSettings, part) -> float:
    """The fastest of some copies of an array that no cache holds."""
    stream, size = cuda.stream(), settings.copied // 4
    out, source = (cuda.device_array(size, np.float32) for _ in range(2))
    samples = events.samples(
        lambda: out.copy_to_device(source, stream=stream),
        stream,
        max(3, settings.samples),
        settings.sample_seconds,
        part,
    )
    return 2.0 * settings.copied / min(samples)


def _cpu(settings: GpuSettings, part) -> dict:
    if SIMULATED:  # they would take longer than all else
        part.leave_out("ceilings: those of the CPU are not measured in a simulator.")
        return _UNKNOWN
    with cpu_process() as cpu:
        answer = cpu.ask("ceilings", settings.threads)
    if reason := answer.get("reason"):
        part.leave_out(f"ceilings: those of the CPU: {reason}")
        return _UNKNOWN
    return {"cpu_flops_per_s": answer["flops"], "cpu_bytes_per_s": answer["bytes"]}
