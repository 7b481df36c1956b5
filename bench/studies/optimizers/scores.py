"""From stored runs to what they cost: passes, steps, gradients, seconds to a target."""

from collections.abc import Sequence

import numpy as np

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant
from ...execution.population import clocks, epochs_of
from ...execution.record import Run
from .search import hit

CLOCKS = ("evaluations", "steps", "seconds")


def per_pass(problem: Problem, entrant: Entrant, run: Run) -> dict[str, float]:
    """What a pass over the data costs a run, on every clock.

    Seconds are those of the run, validation included, and measured while others train
    on the neighbouring cores.
    """
    epochs = max(run.values["epochs"] or 1, 1)
    return {**clocks(problem, entrant), "seconds": (run.seconds or 0.0) / epochs}


def costs(
    problem: Problem, entrant: Entrant, runs: Sequence[Run], target: float, clock: str
) -> np.ndarray:
    """float[r]: what each run used until it met the target; misses are infinite."""
    unit = [per_pass(problem, entrant, run)[clock] for run in runs]
    return np.array([hit(run, target) for run in runs]) * np.array(unit)


def budget(
    problem: Problem, entrant: Entrant, runs: Sequence[Run], clock: str
) -> np.ndarray:
    """float[r]: what a run that never meets its target has used, on a clock."""
    epochs = epochs_of(problem, entrant)
    return np.array([epochs * per_pass(problem, entrant, r)[clock] for r in runs])
