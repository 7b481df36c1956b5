"""Random search of one optimizer on one problem, and its winners on fresh seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from ....kernels import Optimizer
from ....scenarios.problem import Problem
from ...execution.population import complete
from ...execution.record import Run
from .priors import DECADES, Configuration, configurations, widened
from .settings import StudySettings
from .targets import Target


@dataclass(frozen=True)
class Winner:
    """The best trial of a budget, and its runs on the fresh seeds."""

    budget: int
    trial: int
    configuration: Configuration
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Search:
    """All runs of one optimizer on one problem.

    decades: range of log10 (rate / default) that was searched, after it was extended;
    at_edge: the best rate still lies in its outer 5 %. sweep: (configuration, runs) of
    each rate around the winner of the largest budget. keys: of all runs it took.
    """

    configurations: tuple[Configuration, ...]
    trials: tuple[Run, ...]
    decades: tuple[float, float]
    at_edge: bool
    winners: tuple[Winner, ...]
    sweep: tuple[tuple[Configuration, tuple[Run, ...]], ...]
    keys: frozenset[str]


def hit(run: Run, target: float) -> float:
    """Passes over the data until the run's validation loss is at the target.

    Infinite where it never is, or where the run diverged, early or late.
    """
    if run.status != "ok":
        return inf
    values = np.array(run.curves["val_loss"], dtype=float)
    reached = np.flatnonzero(values <= target)
    return float(reached[0] + 1) if reached.size else inf


def best_of(run: Run) -> float:
    """The best validation loss; infinite where the run diverged."""
    best = run.values["best"]
    return inf if run.status != "ok" or best is None else best


def order(runs: Sequence[Run], target: Target | None) -> tuple[float, float]:
    """What a configuration is ranked by: medians of passes to the target, of the best.

    Misses are infinite; of an even number the worse of the two in the middle counts.
    """
    middle = len(runs) // 2
    passes = sorted(hit(run, target.value) if target else 0.0 for run in runs)
    return passes[middle], sorted(map(best_of, runs))[middle]


@dataclass(frozen=True)
class Tuning:
    """One optimizer, one problem, and what trains its configurations.

    train: (role, jobs) -> runs.
    """

    optimizer: Optimizer
    problem: Problem
    settings: StudySettings
    target: Target | None
    train: Callable[[str, list], list[Run]]

    def drawn(self, decades):
        """(configurations, their runs) of the largest budget."""
        count = self.settings.budgets[-1]
        drawn = configurations(
            self.optimizer, self.problem.name, self.settings.master, count, decades
        )
        seeds = self.settings.trial_seeds(count)
        jobs = [(dict(c.options), s) for c, s in zip(drawn, seeds, strict=True)]
        return drawn, self.train("trial", jobs)

    def winner(self, drawn, trials, budget):
        """Number of the best trial: the best few are confirmed on further seeds."""
        few, _ = self.settings.confirm
        seeds = self.settings.confirming_seeds
        numbers = range(min(budget, len(trials)))
        best = sorted(numbers, key=lambda t: order([trials[t]], self.target))[:few]
        if len(best) == 1:
            return best[0]
        jobs = [(dict(drawn[t].options), seed) for t in best for seed in seeds]
        more = iter(self.train("confirm", jobs))
        runs = {t: [trials[t], *(next(more) for _ in seeds)] for t in best}
        return min(best, key=lambda t: order(runs[t], self.target))

    def searched(self):
        """(configurations, trials, decades, at edge?) of the largest budget.

        Where the best rate lies in the outer 5 % of its range, the range grows by a
        decade there and every trial is drawn from it again.
        """
        drawn, trials = self.drawn(DECADES)
        wider = self._wider(drawn, trials, DECADES)
        if wider is None:
            return drawn, trials, DECADES, False
        drawn, trials = self.drawn(wider)
        return drawn, trials, wider, self._wider(drawn, trials, wider) is not None

    def _wider(self, drawn, trials, decades):
        return widened(drawn[self.winner(drawn, trials, len(drawn))].place, decades)

    def sweep(self, winner):
        """Runs of rates from 1/100 to 100 times the winner's, all else as it is."""
        factors = np.geomspace(1e-2, 1e2, self.settings.sweep[0])
        rates = [winner.scaled(float(factor)) for factor in factors]
        seeds = self.settings.sweep_seeds
        jobs = [(dict(c.options), seed) for c in rates for seed in seeds]
        runs = iter(self.train("sweep", jobs))
        return tuple((c, tuple(next(runs) for _ in seeds)) for c in rates)


def search(problem, entrant, settings, target, known, store) -> Search:
    """Search, fresh seeds and rate sweep; what `known` lacks is trained and stored."""
    keys = set()

    def train(role, jobs):
        runs = complete(problem, entrant, role, jobs, known, store, settings.threads)
        keys.update(run.key for run in runs)
        return runs

    tuning = Tuning(entrant.optimizer, problem, settings, target, train)
    drawn, trials, decades, at_edge = tuning.searched()
    chosen = [tuning.winner(drawn, trials, budget) for budget in settings.budgets]
    seeds = settings.fresh_seeds
    jobs = [(dict(drawn[t].options), seed) for t in chosen for seed in seeds]
    fresh = iter(train("fresh", jobs))
    winners = tuple(
        Winner(budget, t, drawn[t], tuple(next(fresh) for _ in seeds))
        for budget, t in zip(settings.budgets, chosen, strict=True)
    )
    sweep = tuning.sweep(drawn[chosen[-1]])
    return Search(
        tuple(drawn), tuple(trials), decades, at_edge, winners, sweep, frozenset(keys)
    )
