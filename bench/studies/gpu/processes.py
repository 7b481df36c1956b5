"""The processes that measure what must not share one with the GPU's driver."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ...measurement.worker_process import WorkerProcess

# Numba's simulator would take the CPU's kernels for Python.
ONLY_GPU = ("NUMBA_ENABLE_CUDASIM",)


@contextmanager
def cpu_process() -> Iterator[WorkerProcess]:
    """A `CpuWorker` in a process of its own, while the block runs."""
    around = {k: v for k, v in os.environ.items() if k not in ONLY_GPU}
    process = WorkerProcess(f"{__package__}.cpu_worker", None, around)
    try:
        yield process
    finally:
        process.close()


def seconds_of(answer: dict) -> list[float]:
    """The seconds of an answer, one or none."""
    return [answer["seconds"]] if "seconds" in answer else []
