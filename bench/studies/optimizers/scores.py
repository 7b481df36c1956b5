"""From stored runs to what they cost: passes, steps, gradients, seconds to a target."""

from collections.abc import Sequence

import numpy as np

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant
from ...execution.population import clocks, epochs_of
from ...execution.record import Run
from .search import hit

CLOCKS = ("evaluations", "steps", "seconds")


def per_pass(
    problem: Problem, entrant: Entrant, runs: Sequence[Run]
) -> dict[str, float]:
    """What a pass over the data costs, on every clock.

    Seconds are the median over the runs, validation included, so that a run which the
    machine held up does not count for more; others train on the neighbouring cores.
    """
    seconds = [(r.seconds or 0.0) / max(r.values["epochs"] or 1, 1) for r in runs]
    return {**clocks(problem, entrant), "seconds": float(np.median(seconds))}


def costs(
    problem: Problem, entrant: Entrant, runs: Sequence[Run], target: float, clock: str
) -> np.ndarray:
    """float[r]: what each run used until it met the target; misses are infinite."""
    passes = np.array([hit(run, target) for run in runs])
    unit = per_pass(problem, entrant, runs)[clock]
    missed = np.full(len(runs), np.inf)  # infinitely many passes that take no time, too
    return np.multiply(passes, unit, out=missed, where=np.isfinite(passes))


def budget(
    problem: Problem, entrant: Entrant, runs: Sequence[Run], clock: str
) -> float:
    """What a run that never meets its target has used, on a clock."""
    unit = per_pass(problem, entrant, runs)[clock]
    return epochs_of(problem, entrant) * unit
