"""What the first training in a fresh process costs over a later one."""

from itertools import pairwise

from ....kernels.cuda.jit import SIMULATED
from ....kernels.cuda.library import products
from ...measurement.worker_process import WorkerProcess

_MODULE = f"{__package__}.first_training"
# What compiling may last; beside it there must be time for the rest.
LONGEST = 120.0


def kernels_of(sizes, batch: int) -> frozenset[str]:
    """Names of the tiles that a step's matrix products take; none with cuBLAS."""
    if SIMULATED or products().name != "own":
        return frozenset()
    from ....kernels.cuda.gpu import gpu
    from ....kernels.cuda.tile import tile_for

    count, found = gpu().multiprocessors, set()
    for i, o in pairwise(sizes):
        for shape in ((batch, o, i), (batch, i, o), (i, o, batch)):
            found.add(tile_for("float32", *shape, count).name)
    return frozenset(found)


def compile_seconds(case, part) -> float | None:
    """Seconds; None, and a sentence, where there is no time or the process fails.

    None in the simulator, too, which compiles nothing.
    """
    if SIMULATED:
        return None
    if part.spent:
        part.leave_out(f"grid: {case.label}: no time to compile in a fresh process.")
        return None
    process = WorkerProcess(_MODULE, {"sizes": case.sizes, "batch": case.batch})
    limit = min(LONGEST, max(20.0, part.left))
    try:
        answer = process.ask("seconds", seconds=limit)
    finally:
        process.close()
    if reason := answer.get("reason"):
        part.leave_out(f"grid: {case.label}: compiling in a fresh process: {reason}.")
    return answer.get("seconds")
