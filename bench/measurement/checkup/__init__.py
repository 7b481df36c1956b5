"""Is this machine set up to run fast? One file a subject, one function a check.

Each check looks (`..._facts`, the only part that touches the machine) and judges (a
pure function from those facts to a `Check`).
"""

from collections.abc import Callable

from ..noise import HostWatch
from . import blas, compiler, cores, gpu, memory, training, versions
from .check import Check, quiet

CHECKS: dict[str, Callable[[], Check]] = {
    "versions": lambda: versions.packages(versions.package_facts()),
    "BLAS kernels": lambda: blas.kernels(blas.kernel_facts()),
    "BLAS speed": lambda: blas.speed(blas.speed_facts()),
    "threads": lambda: cores.threads(cores.thread_facts()),
    "SVML": lambda: compiler.svml(compiler.svml_facts()),
    "kernel cache": lambda: compiler.cache(compiler.cache_facts()),
    "memory": lambda: memory.memory(memory.memory_facts()),
    "training": lambda: training.training(training.trained()),
    "GPU": lambda: gpu.gpu(gpu.gpu_facts()),
}


def checkup(report: Callable[[int, int, str], None] | None = None) -> list[Check]:
    """Make every check; report is called with done, total and the check's name.

    A check that cannot look fails and says why; it never raises.
    """
    total, checks = len(CHECKS) + 1, []
    with HostWatch() as watch:
        for done, (name, look) in enumerate(CHECKS.items()):
            if report:
                report(done, total, name)
            try:
                checks.append(look())
            except Exception as error:
                checks.append(Check(name, "fail", _sentence(error)))
    return [*checks, quiet(watch.noise)]


def _sentence(error: Exception) -> str:
    """What a check failed with; that of a module that cannot be imported as it is."""
    first_line = str(error).partition("\n")[0].rstrip(".")
    if isinstance(error, ImportError):
        return f"{first_line[:1].upper()}{first_line[1:]}."
    return f"Could not be looked at: {type(error).__name__}: {first_line}."
