"""The facts about a machine that a measurement cannot be read without."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = ("numba", "llvmlite", "numpy", "scipy", "pandas", "scikit-learn")


def machine_facts() -> dict[str, Any]:
    """Return processor, memory, versions and the BLAS kernels in use, as plain data.

    Imports NumPy and SciPy, for only a loaded BLAS tells which kernels it chose.
    """
    import joblib
    import psutil

    libraries = blas_libraries()
    return {
        "cpu": cpu_model(),
        "cores": joblib.cpu_count(),
        "physical_cores": psutil.cpu_count(logical=False),
        "memory_bytes": psutil.virtual_memory().total,
        "platform": platform.platform(),
        "python": platform.python_version(),
        **{name: package_version(name) for name in ("numba", "numpy", "scipy")},
        "blas": "; ".join(described(library) for library in libraries) or "unknown",
        "blas_libraries": libraries,
        "openblas_coretype": os.environ.get("OPENBLAS_CORETYPE"),
    }


def cpu_model() -> str:
    """Return the processor's name as its maker prints it, else its architecture."""
    try:
        if sys.platform == "darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.check_output(command, timeout=5).decode().strip()
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except (OSError, subprocess.SubprocessError):
        pass
    return platform.processor() or platform.machine()


def blas_libraries() -> list[dict[str, Any]]:
    """Return each BLAS loaded by NumPy and SciPy, as threadpoolctl sees it.

    owner (`numpy`, `scipy` or a file name), name, version, architecture (of its
    kernels; None where it does not tell), threads.
    """
    import numpy  # noqa: F401  loads its BLAS
    import scipy.linalg.cython_blas  # noqa: F401  loads the BLAS that Numba calls
    from threadpoolctl import threadpool_info

    found = [
        {
            "owner": _owner(pool["filepath"]),
            "name": pool["internal_api"],
            "version": pool.get("version"),
            "architecture": pool.get("architecture"),
            "threads": pool["num_threads"],
        }
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]
    # They come in the order they were loaded in, which is not the same in each run.
    return sorted(found, key=str)


def described(library: dict[str, Any]) -> str:
    """Return one phrase on a library: `numpy: openblas 0.3.31 (Haswell kernels)`."""
    parts = [f"{library['owner']}:", library["name"], library["version"]]
    if library["architecture"]:
        parts.append(f"({library['architecture']} kernels)")
    return " ".join(part for part in parts if part)


def package_version(name: str) -> str | None:
    """Return the installed version of a package, None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _owner(path: str) -> str:
    folders = path.replace("\\", "/").split("/")
    for name in ("numpy", "scipy"):
        if {name, f"{name}.libs", f".{name}"} & set(folders):
            return name
    return folders[-1]
