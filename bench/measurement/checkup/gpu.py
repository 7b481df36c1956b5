"""Is there an NVIDIA GPU, a driver for it, and numba-cuda to compile for it?"""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from ..machine import package_version
from .check import Check


@dataclass(frozen=True)
class GpuCheck:
    """Facts. names: GPUs the driver lists; driver: its version, None if it is silent.

    device: the system shows an NVIDIA device; library: libcuda can be loaded. visible:
    CUDA_VISIBLE_DEVICES. numba_cuda: its version, None if not installed. failure: why
    no kernel runs there, where all of the above is well.
    """

    names: tuple[str, ...] = ()
    driver: str | None = None
    device: bool = False
    library: bool = False
    visible: str | None = None
    numba_cuda: str | None = None
    failure: str | None = None


def gpu_facts() -> GpuCheck:
    """Ask nvidia-smi and the system; where they say that all is there, try a kernel."""
    facts = _installed()
    if gpu(facts).verdict != "ok" or not facts.names:
        return facts
    return replace(facts, failure=_failure())


def _failure() -> str | None:
    """Why no kernel runs on the GPU; numba.cuda is imported here, if anywhere."""
    from ....kernels.device import failure
    from ....kernels.driver import absence

    return absence() or failure()


def _installed() -> GpuCheck:
    from ....kernels.driver import load_driver

    listed = _nvidia_smi()
    return GpuCheck(
        names=tuple(name for name, _ in listed),
        driver=listed[0][1] if listed else None,
        device=Path("/proc/driver/nvidia").exists() or Path("/dev/nvidiactl").exists(),
        library=load_driver() is not None,
        visible=os.environ.get("CUDA_VISIBLE_DEVICES"),
        numba_cuda=package_version("numba-cuda"),
    )


def gpu(facts: GpuCheck) -> Check:
    """Judge from the device up: device, driver, visibility, package, a kernel."""
    from ....kernels.driver import HIDING, INSTALL, OLDEST_DRIVER

    if not (facts.names or facts.device):
        found = "No NVIDIA GPU: everything runs on the processor."
        return Check("GPU", "ok", found)
    if not facts.names or not facts.library:
        found = "An NVIDIA device is there, but its driver does not answer."
        return Check("GPU", "warn", found, "nvidia-smi  (it says what is wrong)")
    found = f"{' and '.join(facts.names)}, driver {facts.driver}"
    if facts.visible in HIDING:
        hidden = f"{found}, hidden by CUDA_VISIBLE_DEVICES={facts.visible!r}."
        return Check("GPU", "warn", hidden, "unset CUDA_VISIBLE_DEVICES")
    if facts.driver and int(facts.driver.split(".")[0]) < OLDEST_DRIVER:
        old = f"{found}: CUDA 13 needs {OLDEST_DRIVER} or newer."
        return Check("GPU", "warn", old, f"Update the driver to {OLDEST_DRIVER}+.")
    if facts.numba_cuda is None:
        missing = f"{found}, but numba-cuda is not installed: the GPU stays idle."
        return Check("GPU", "warn", missing, INSTALL)
    if facts.failure:
        return Check("GPU", "warn", f"{found}. {facts.failure}")
    return Check("GPU", "ok", f"{found}, numba-cuda {facts.numba_cuda}.")


def _nvidia_smi() -> list[tuple[str, str]]:
    """Return (name, driver version) of each GPU; empty where nvidia-smi fails."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(
            query,
            capture_output=True,
            timeout=20,
            check=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = [line.rpartition(",") for line in answer.stdout.splitlines() if line]
    return [(name.strip(), driver.strip()) for name, _, driver in lines]
