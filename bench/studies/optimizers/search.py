"""The search of one optimizer on one problem, its winners on fresh seeds, its check."""

from dataclasses import dataclass
from math import inf
from statistics import median

import numpy as np

from ...execution.population import complete
from ...execution.record import Run
from .priors import Configuration
from .tuning import Tuning, settled_of

# Where the sweep's loss is below this share of the tuned one, the search has failed.
FAILED = 0.95
# Rates of the sweep whose loss on half of the seeds is more than so many times the
# least are no candidates.
BEHIND = 1.5

# A configuration and its runs, one a seed.
Swept = tuple[Configuration, tuple[Run, ...]]


@dataclass(frozen=True)
class Winner:
    """The best trial of a budget, its runs on the fresh seeds, and rates around it.

    refined: (configuration, median settled loss) of the trials that followed the
    independent ones. sweep: rates from 1/100 to 100 times the winner's, all else as it
    is, of the largest budget; empty for the others, and for defaults, which no search
    chose.
    """

    budget: int
    trial: int
    configuration: Configuration
    runs: tuple[Run, ...]
    refined: tuple[tuple[Configuration, float], ...] = ()
    sweep: tuple[Swept, ...] = ()

    @property
    def tuned(self) -> float:
        """Median settled loss over the fresh seeds, infinite if half diverged."""
        return median(map(settled_of, self.runs))

    @property
    def swept(self) -> float | None:
        """The least median settled loss of the sweep; None without one."""
        medians = [median(map(settled_of, runs)) for _, runs in self.sweep]
        return min(medians, default=None)

    @property
    def withheld(self) -> str | None:
        """Why this pair has no place: its own sweep beats what the search found."""
        if self.swept is None or not self.swept < FAILED * self.tuned:
            return None
        at = min(self.sweep, key=lambda row: median(map(settled_of, row[1])))
        factor = at[0].lr / self.configuration.lr
        return (
            f"The search failed its own check: {factor:.3g} times the tuned learning"
            f" rate settles at a loss of {self.swept:.3g} instead of {self.tuned:.3g}."
        )


@dataclass(frozen=True)
class Search:
    """All runs of one optimizer on one problem.

    configurations, trials: the independent ones of the largest budget. decades: log10
    of the learning rates that were searched, after the range was extended; extended: by
    how many decades; at_edge: the best rate still lies in its outer 5 % or beyond.
    keys: of all runs it took.
    """

    configurations: tuple[Configuration, ...]
    trials: tuple[Run, ...]
    decades: tuple[float, float]
    extended: int
    at_edge: bool
    winners: tuple[Winner, ...]
    keys: frozenset[str]


def hit(run: Run, target: float) -> float:
    """Passes over the data until the validation loss is at the target for good.

    The first evaluation from which it stays at or below the target for the rest of the
    budget: a dip is no success. Infinite where there is none, or the run diverged.
    """
    if run.status != "ok":
        return inf
    values = np.array(run.curves["val_loss"], dtype=float)
    # Written so that a loss that is not a number is above, too.
    above = np.flatnonzero(~(values <= target))
    first = int(above[-1]) + 1 if above.size else 0
    return float(first + 1) if first < len(values) else inf


def search(problem, entrant, settings, known, store) -> Search:
    """Search, fresh seeds and rate sweep; what `known` lacks is trained and stored."""
    keys = set()

    def train(role, jobs):
        runs = complete(problem, entrant, role, jobs, known, store, settings.threads)
        keys.update(run.key for run in runs)
        return runs

    tuning = Tuning(entrant.optimizer, problem, settings, train)
    found = tuning.searched()
    seeds = settings.fresh_seeds
    jobs = [(dict(t.configuration.options), s) for t in found.tuned for s in seeds]
    fresh = iter(train("fresh", jobs))
    runs = [tuple(next(fresh) for _ in seeds) for _ in found.tuned]
    # The defaults are no search's choice, so there is no search to check.
    last = settings.budgets[-1]
    winners = tuple(
        Winner(
            budget,
            t.trial,
            t.configuration,
            mine,
            t.refined,
            swept(t.configuration, settings, train) if budget == last > 1 else (),
        )
        for budget, t, mine in zip(settings.budgets, found.tuned, runs, strict=True)
    )
    drawn = found.drawn
    return Search(
        tuple(drawn.configurations),
        tuple(drawn.trials),
        drawn.decades,
        found.extended,
        found.at_edge,
        winners,
        frozenset(keys),
    )


def swept(winner: Configuration, settings, train) -> tuple[Swept, ...]:
    """Runs of rates from 1/100 to 100 times the winner's on its own fresh seeds.

    The same seeds: what differs is the rate alone, and the rate itself is among them.
    A rate that is far behind on the first half of the seeds is not run on the rest.
    """
    factors = np.geomspace(1e-2, 1e2, settings.sweep)
    # Exactly the winner's own in the middle, whose runs are there already.
    rates = [winner.scaled(float(f)) if f != 1.0 else winner for f in factors]
    seeds = settings.fresh_seeds
    half = (len(seeds) + 1) // 2
    found = _runs_of(rates, seeds[:half], train)
    medians = [median(map(settled_of, runs)) for runs in found]
    near = [k for k, value in enumerate(medians) if not value > BEHIND * min(medians)]
    more = _runs_of([rates[k] for k in near], seeds[half:], train)
    for k, runs in zip(near, more, strict=True):
        found[k] += runs
    return tuple(zip(rates, found, strict=True))


def _runs_of(configurations, seeds, train) -> list[tuple[Run, ...]]:
    """The runs of each configuration, one a seed."""
    jobs = [(dict(c.options), seed) for c in configurations for seed in seeds]
    each = iter(train("sweep", jobs))
    return [tuple(next(each) for _ in seeds) for _ in configurations]
