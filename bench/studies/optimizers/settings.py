"""What a study of optimizers runs: entrants, problems, budgets and seeds."""

from dataclasses import dataclass
from pathlib import Path

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant

# Seeds of a master seed: trials come first, then the fresh seeds of winners, then those
# of rate sweeps.
STRIDE, FRESH, SWEEP = 2000, 1000, 1600
MOST_MASTER = 10**6

BUDGETS = (1, 25, 50)
QUICK_BUDGETS = (1, 8)


@dataclass(frozen=True)
class StudySettings:
    """budgets: trials, rising; seeds: fresh ones a winner runs on; sweep: (rates,
    seeds) of the learning-rate sweep around the winner of the largest budget.
    """

    entrants: tuple[Entrant, ...]
    problems: tuple[Problem, ...]
    budgets: tuple[int, ...] = BUDGETS
    seeds: int = 10
    master: int = 0
    sweep: tuple[int, int] = (13, 3)
    threads: int = 1
    quick: bool = False
    out: Path = Path("gradclinic-report")
    force: bool = False

    def trial_seeds(self, count: int) -> range:
        """A seed a trial of random search."""
        start = self.master * STRIDE
        return range(start, start + count)

    @property
    def fresh_seeds(self) -> range:
        start = self.master * STRIDE + FRESH
        return range(start, start + self.seeds)

    @property
    def sweep_seeds(self) -> range:
        start = self.master * STRIDE + SWEEP
        return range(start, start + self.sweep[1])
