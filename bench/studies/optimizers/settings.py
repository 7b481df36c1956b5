"""What a study of optimizers runs: entrants, problems, budgets and seeds."""

from dataclasses import dataclass
from pathlib import Path

from ....scenarios.problem import Problem
from ...execution.entrant import Entrant
from ...typed import OUT

# Seeds of a master seed: trials come first, then those that confirm the best of them
# and refine their rates, then the fresh seeds of winners and of the rates around them.
STRIDE, CONFIRM, FRESH = 2000, 500, 600
MOST_MASTER = 10**6

BUDGETS, SEEDS = (1, 25, 50), 10
# A quick look has as many trials as a minute allows on two cores.
QUICK_BUDGETS, QUICK_SEEDS = (1, 25), 5


@dataclass(frozen=True)
class StudySettings:
    """budgets: trials, rising; confirm: (how many of the best, on how many further
    seeds), as one run is too little to choose by; decide: (how many of the best after
    refining, on how many seeds, those of confirm first), as the best of many on few is
    the luckiest; seeds: fresh ones the winner runs on; sweep: learning rates around the
    winner of the largest budget, on the fresh seeds.
    """

    entrants: tuple[Entrant, ...]
    problems: tuple[Problem, ...]
    budgets: tuple[int, ...] = BUDGETS
    confirm: tuple[int, int] = (3, 4)
    decide: tuple[int, int] = (3, 9)
    seeds: int = SEEDS
    master: int = 0
    sweep: int = 9
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
    def deciding_seeds(self) -> range:
        start = self.master * STRIDE + CONFIRM
        return range(start, start + max(self.confirm[1], self.decide[1]))

    @property
    def fresh_seeds(self) -> range:
        start = self.master * STRIDE + FRESH
        return range(start, start + self.seeds)
