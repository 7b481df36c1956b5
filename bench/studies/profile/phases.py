"""Where the time of a step goes, on one thread."""

from collections.abc import Callable
from functools import partial

from ....kernels import mlp
from ....kernels.phases import phases
from ....kernels.threads import one_blas_thread
from ...measurement.timing import timed
from .cases import DENSE
from .settings import ProfileSettings
from .training import stepper

SAMPLE = 0.01  # s


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `phases` of a profile: the shortest of some samples of each phase."""
    rows = []
    for done, case in enumerate(DENSE):
        progress(done, len(DENSE), f"Phases of a step: {case.name}")
        seconds = {}
        with one_blas_thread():
            for name, call in phases(mlp(list(case.sizes)), case.batch).items():
                seconds[name] = shortest(call)
        step = stepper(case, settings.seed, 1, deterministic=False)
        rows.append(
            {
                "case": case.name,
                "step_seconds": min(step() for _ in range(5)),
                "phases": [{"name": n, "seconds": s} for n, s in seconds.items()],
            }
        )
    return rows


def shortest(call: Callable[[int], None]) -> float:
    """Seconds of one of many repeats inside a call, the shortest of five such calls."""
    call(1)  # loads it from the cache
    repeats = 1
    while timed(partial(call, repeats), 1) < SAMPLE:
        repeats *= 2
    return min(timed(partial(call, repeats), 1) for _ in range(5)) / repeats
