"""What a study of optimizers runs: entrants, problems, budgets and seeds."""

from dataclasses import dataclass
from pathlib import Path

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant
from ...typed import OUT

# Seeds of a master seed: trials come first, then those that confirm the best of them,
# then the fresh seeds of winners, then those of rate sweeps.
STRIDE, CONFIRM, FRESH, SWEEP = 2000, 500, 600, 1800
MOST_MASTER = 10**6

BUDGETS, SEEDS = (1, 25, 50), 10
QUICK_BUDGETS, QUICK_SEEDS = (1, 8), 5


@dataclass(frozen=True)
class StudySettings:
    """budgets: trials, rising; confirm: (how many of the best, on how many more seeds),
    as one run is too little to choose a winner by; seeds: fresh ones the winner runs
    on; sweep: (rates, seeds) of the learning-rate sweep around the winner of the
    largest budget.
    """

    entrants: tuple[Entrant, ...]
    problems: tuple[Problem, ...]
    budgets: tuple[int, ...] = BUDGETS
    confirm: tuple[int, int] = (5, 4)
    seeds: int = SEEDS
    master: int = 0
    sweep: tuple[int, int] = (9, 2)
    threads: int = 1
    quick: bool = False
    out: Path = OUT
    force: bool = False
    command: str = "gradclinic optimizers"

    def trial_seeds(self, count: int) -> range:
        """A seed a trial of random search."""
        start = self.master * STRIDE
        return range(start, start + count)

    @property
    def confirming_seeds(self) -> range:
        start = self.master * STRIDE + CONFIRM
        return range(start, start + self.confirm[1])

    @property
    def fresh_seeds(self) -> range:
        start = self.master * STRIDE + FRESH
        return range(start, start + self.seeds)

    @property
    def sweep_seeds(self) -> range:
        start = self.master * STRIDE + SWEEP
        return range(start, start + self.sweep[1])
