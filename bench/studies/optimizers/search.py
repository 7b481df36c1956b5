"""Random search of one optimizer on one problem, and its winners on fresh seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from ...execution.population import complete
from ...execution.record import Run
from .priors import DECADES, Configuration, configurations, widened
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
    each rate around the winner of the largest budget.
    """

    configurations: tuple[Configuration, ...]
    trials: tuple[Run, ...]
    decades: tuple[float, float]
    at_edge: bool
    winners: tuple[Winner, ...]
    sweep: tuple[tuple[Configuration, tuple[Run, ...]], ...]


def hit(run: Run, target: float) -> float:
    """Passes over the data until the run's metric is at the target.

    Infinite where it never is, or where the run diverged, early or late.
    """
    if run.status != "ok":
        return inf
    values = np.array(run.curves["value"], dtype=float)
    reached = np.flatnonzero(values <= target)
    return float(reached[0] + 1) if reached.size else inf


def best_of(run: Run) -> float:
    """The best value of the metric; infinite where the run diverged."""
    best = run.values["best"]
    return inf if run.status != "ok" or best is None else best


def best_trial(trials: Sequence[Run], target: Target | None) -> int:
    """Number of the trial that reaches the target first, then of the best value."""
    ranks = [(hit(r, target.value) if target else 0.0, best_of(r)) for r in trials]
    return min(range(len(ranks)), key=ranks.__getitem__)


def searched(problem, entrant, settings, target, run_all):
    """(configurations, trials, decades, at edge?) of the largest budget.

    run_all(role, jobs) -> runs. Where the best rate lies in the outer 5 % of its range,
    the range grows by a decade there and every trial is drawn from it again.
    """
    decades, count = DECADES, settings.budgets[-1]
    for extended in (False, True):
        drawn = configurations(
            entrant.optimizer, problem.name, settings.master, count, decades
        )
        seeds = settings.trial_seeds(count)
        jobs = [(dict(c.options), s) for c, s in zip(drawn, seeds, strict=True)]
        trials = run_all("trial", jobs)
        place = drawn[best_trial(trials, target)].place
        wider = widened(place, decades)
        if extended or wider is None:
            return tuple(drawn), tuple(trials), decades, wider is not None
        decades = wider
    raise AssertionError("the second round returns")


def search(problem, entrant, settings, target, known, store) -> Search:
    """Search, fresh seeds and rate sweep; what `known` lacks is trained and stored."""

    def run_all(role, jobs):
        return complete(problem, entrant, role, jobs, known, store, settings.threads)

    drawn, trials, decades, at_edge = searched(
        problem, entrant, settings, target, run_all
    )
    chosen = [best_trial(trials[:budget], target) for budget in settings.budgets]
    seeds = settings.fresh_seeds
    jobs = [(dict(drawn[t].options), seed) for t in chosen for seed in seeds]
    fresh = iter(run_all("fresh", jobs))
    winners = tuple(
        Winner(budget, t, drawn[t], tuple(next(fresh) for _ in seeds))
        for budget, t in zip(settings.budgets, chosen, strict=True)
    )
    return Search(
        drawn, trials, decades, at_edge, winners,
        _sweep(drawn[chosen[-1]], settings, run_all),
    )  # fmt: skip


def _sweep(winner, settings, run_all):
    """Runs of rates from 1/100 to 100 times the winner's, all else as it is."""
    factors = np.geomspace(1e-2, 1e2, settings.sweep[0])
    rates = [winner.scaled(float(f)) for f in factors]
    seeds = settings.sweep_seeds
    runs = iter(run_all("sweep", [(dict(c.options), s) for c in rates for s in seeds]))
    return tuple((c, tuple(next(runs) for _ in seeds)) for c in rates)


def runs_of(found: Search) -> dict[str, Run]:
    """Every run of a search once, by key."""
    fresh = [run for winner in found.winners for run in winner.runs]
    swept = [run for _, runs in found.sweep for run in runs]
    return {run.key: run for run in (*found.trials, *fresh, *swept)}
