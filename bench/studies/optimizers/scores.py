"""From stored runs to what they cost: passes, steps, gradients, seconds to a target."""

from collections.abc import Sequence
from math import inf

import numpy as np

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant
from ...execution.population import clocks
from ...execution.record import Run
from .search import hit

CLOCKS = ("evaluations", "steps", "seconds")


def per_pass(
    problem: Problem, entrant: Entrant, step_seconds: float | None = None
) -> dict[str, float]:
    """What a pass over the data costs, on every clock.

    step_seconds: of a step, as `seconds` measures it; the clocks that the runs
    themselves stored were read while others trained on the neighbouring cores. Infinite
    where none was measured.
    """
    found = clocks(problem, entrant)
    seconds = inf if step_seconds is None else step_seconds * found["steps"]
    return {**found, "seconds": seconds}


def costs(runs: Sequence[Run], target: float, unit: float) -> np.ndarray:
    """float[r]: what each run used until it met the target; misses are infinite.

    unit: what a pass costs, a value of `per_pass`. Rounded, so that equal costs are
    equal: 5 passes of 8.8 and 44 of 1.
    """
    return np.array([float(f"{hit(run, target) * unit:.9g}") for run in runs])
