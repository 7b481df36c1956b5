"""How one optimizer is tuned on one problem: independent trials, then better rates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite
from statistics import median
from typing import NamedTuple

from ....kernels import Optimizer
from ....scenarios.problem import Problem
from ...execution.record import Run
from .priors import WIDENINGS, Configuration, configurations, decades, widened
from .settings import StudySettings

# The rest of a budget refines the learning rate of the best of these.
INDEPENDENT = 2 / 3
# The share of a run's evaluations over which its loss must have settled.
SETTLING = 0.1
# Rates tried beside the best one, in powers of 2: two to either side, so that neither a
# ripple nor one unlucky neighbour ends the search.
BESIDE = (1, -1, 2, -2)


def independent(budget: int) -> int:
    """How many of a budget's trials are independent draws, the defaults among them."""
    return ceil(INDEPENDENT * budget)


def best_of(run: Run) -> float:
    """The best validation loss; infinite where the run diverged."""
    best = run.values["best"]
    return inf if run.status != "ok" or best is None else best


def final_of(run: Run) -> float:
    """The last validation loss, infinite where the run diverged.

    It is the lowest target that the run meets, see `search.hit`.
    """
    curve = run.curves["val_loss"]
    last = curve[-1] if curve and run.status == "ok" else None
    return inf if last is None or not isfinite(last) else float(last)


def settled_of(run: Run) -> float:
    """The loss that a run settles at: the largest of its last tenth of evaluations.

    What tuning goes by. A target is met where the loss stays, so neither a dip on the
    way nor one at the very end is a success; infinite where the run diverged.
    """
    curve = run.curves["val_loss"]
    last = curve[-ceil(SETTLING * len(curve)) :] if curve else []
    known = [inf if loss is None or not isfinite(loss) else loss for loss in last]
    return float(max(known)) if known and run.status == "ok" else inf


class Tuned(NamedTuple):
    """What a budget found: the best trial, its number, and the rates that were refined.

    refined: (configuration, median settled loss over confirming seeds) of the trials
    after the independent ones, in the order in which they were tried.
    """

    trial: int
    configuration: Configuration
    refined: tuple[tuple[Configuration, float], ...]


class Drawn(NamedTuple):
    """The independent trials of the largest budget, from a range of log10 rates."""

    configurations: list[Configuration]
    trials: list[Run]
    decades: tuple[float, float]


class Found(NamedTuple):
    """All budgets, tuned; extended: decades; at_edge: is the best rate still there?"""

    drawn: Drawn
    tuned: tuple[Tuned, ...]
    extended: int
    at_edge: bool


@dataclass(frozen=True)
class Tuning:
    """One optimizer, one problem, and what trains its configurations.

    train: (role, jobs) -> runs.
    """

    optimizer: Optimizer
    problem: Problem
    settings: StudySettings
    train: Callable[[str, list], list[Run]]

    def drawn(self, searched: tuple[float, float]) -> Drawn:
        """The independent trials, each on a seed of its own."""
        count = independent(self.settings.budgets[-1])
        drawn = configurations(
            self.optimizer, self.problem.name, self.settings.master, count, searched
        )
        seeds = self.settings.trial_seeds(count)
        jobs = [(dict(c.options), s) for c, s in zip(drawn, seeds, strict=True)]
        return Drawn(drawn, self.train("trial", jobs), searched)

    def medians(
        self, role: str, chosen: Sequence[Configuration], seeds: range | None = None
    ) -> list[float]:
        """Median settled loss of each configuration, on the confirming seeds if none.

        The run by which a trial was chosen does not count: it was chosen for its luck.
        """
        seeds = seeds or self.settings.confirming_seeds
        jobs = [(dict(c.options), seed) for c in chosen for seed in seeds]
        runs = iter(self.train(role, jobs))
        return [median(settled_of(next(runs)) for _ in seeds) for _ in chosen]

    def tuned(self, drawn: Drawn, budget: int) -> Tuned:
        """The best of a budget's trials by its median over the deciding seeds."""
        count = min(independent(budget), len(drawn.trials))
        if count == 1:
            return Tuned(0, drawn.configurations[0], ())
        numbers = sorted(range(count), key=lambda t: settled_of(drawn.trials[t]))
        few = numbers[: self.settings.confirm[0]]
        starts = [drawn.configurations[t] for t in few]
        values = self.medians("confirm", starts)
        order = sorted(range(len(few)), key=values.__getitem__)
        refined = self.refined([(starts[k], values[k]) for k in order], budget - count)
        found = [(values[k], few[k], starts[k]) for k in order]
        found += [(v, count + k, c) for k, (c, v) in enumerate(refined)]
        return Tuned(*self.decided(found), tuple(refined))

    def decided(self, found) -> tuple[int, Configuration]:
        """(number, configuration) of the best of the few best, on more seeds.

        found: (median settled loss, number, configuration) of each.
        """
        best = sorted(found, key=lambda row: row[0])[: self.settings.decide[0]]
        chosen = [configuration for _, _, configuration in best]
        values = self.medians("decide", chosen, self.settings.deciding_seeds)
        _, trial, configuration = best[min(range(len(best)), key=values.__getitem__)]
        return trial, configuration

    def refined(self, starts, left: int) -> list[tuple[Configuration, float]]:
        """At most `left` rates around the starts, the best start first.

        Rates in factors of 2 until the best of a start has both neighbours on either
        side of it tried; then the next start, as its rate may have hidden it.
        """
        found = []
        for start, value in starts:
            known = {0: value}
            while left > 0:
                best = min(known, key=known.__getitem__)
                open_ = [best + k for k in BESIDE if best + k not in known][:left]
                if not open_:
                    break
                tried = [start.scaled(2.0**k) for k in open_]
                values = self.medians("refine", tried)
                known |= dict(zip(open_, values, strict=True))
                found += zip(tried, values, strict=True)
                left -= len(open_)
        return found

    def searched(self) -> Found:
        """Every budget tuned within one range of rates, which grows at need.

        Where the best rate of the largest budget lies in the outer 5 % of its range or
        beyond, the range grows by a decade there and all is drawn from it again.
        """
        most, extended = self.settings.budgets[-1], 0
        drawn = self.drawn(decades(self.optimizer))
        last = self.tuned(drawn, most)
        wider = widened(last.configuration.lr, drawn.decades) if most > 1 else None
        while wider is not None and extended < WIDENINGS:
            drawn, extended = self.drawn(wider), extended + 1
            last = self.tuned(drawn, most)
            wider = widened(last.configuration.lr, drawn.decades)
        smaller = [self.tuned(drawn, budget) for budget in self.settings.budgets[:-1]]
        return Found(drawn, (*smaller, last), extended, wider is not None)
