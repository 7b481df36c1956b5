"""One optimizer on one problem, as plain data for pages."""

from dataclasses import asdict
from math import inf
from typing import Any

import numpy as np

from ...execution.population import epochs_of
from ...statistics.comparison import (
    basin,
    default_gap,
    reach_rate,
    running_time_interval,
    tuning_curve,
)
from ...statistics.intervals import Interval, finite_or_none
from .scores import CLOCKS, budget, costs, per_pass
from .search import best_of

# Points of a curve: enough for a picture, few enough for a file.
POINTS = 50
# Losses below float32's rounding are no better than one another.
ROUNDING = float(np.finfo(np.float32).eps)
QUARTILES = {"low": 25, "median": 50, "high": 75}


def result(problem, entrant, found, target) -> dict[str, Any]:
    """The dict of a pair, see `study`."""
    return {
        "problem": problem.name,
        "optimizer": entrant.name,
        "decades": list(found.decades),
        "at_edge": found.at_edge,
        "budgets": [_winner(problem, entrant, w, target) for w in found.winners],
        "trials": _trials(problem, entrant, found, target),
        "sweep": _sweep(problem, entrant, found, target),
        "tunability": _tunability(found),
    }


def _winner(problem, entrant, winner, target):
    runs = winner.runs
    return {
        "budget": winner.budget,
        "trial": winner.trial,
        "hyper": dict(winner.configuration.options),
        "best": [_short(best_of(run)) for run in runs],
        "status": [run.status for run in runs],
        "costs": {
            name: {
                clock: [_short(c) for c in costs(problem, entrant, runs, value, clock)]
                for clock in CLOCKS
            }
            for name, value in vars(target).items()
        },
        "reached": {
            name: _reached(problem, entrant, runs, value)
            for name, value in vars(target).items()
        },
        "curve": curve(problem, entrant, runs),
    }


def _reached(problem, entrant, runs, value):
    """Reach rate and expected running time in gradient evaluations."""
    used = costs(problem, entrant, runs, value, "evaluations")
    most = budget(problem, entrant, runs, "evaluations")
    return {
        "rate": plain(reach_rate(used)),
        "running_time": plain(running_time_interval(used, most)),
    }


def plain(interval: Interval) -> list[float | None]:
    """[value, low, high], None for what is infinite."""
    return [finite_or_none(number) for number in interval]


def curve(problem, entrant, runs) -> dict[str, Any]:
    """Quartiles over the runs of both losses, thinned.

    A run that broke off is infinitely bad from there on: None where a quartile is.
    """
    epochs = epochs_of(problem, entrant)
    keep = np.unique(
        np.linspace(0, epochs - 1, min(epochs, POINTS)).round().astype(int)
    )
    shown = {
        "passes": (keep + 1).tolist(),
        "per_pass": per_pass(problem, entrant, runs),
    }
    for name in ("val_loss", "train_loss"):
        padded = np.full((len(runs), epochs), inf)
        for row, run in zip(padded, runs, strict=True):
            values = np.array(run.curves[name], dtype=float)
            row[: len(values)] = np.where(np.isfinite(values), values, inf)
        shown[name] = {
            label: [_short(v) for v in _quantile(padded, share)[keep]]
            for label, share in QUARTILES.items()
        }
    return shown


def _quantile(values, percent):
    """Order statistic over the first axis: infinities are never averaged."""
    return np.percentile(values, percent, axis=0, method="higher")


def _short(number):
    return float(f"{number:.5g}") if np.isfinite(number) else None


def _trials(problem, entrant, found, target):
    """The random search, a column each: rate, best value, cost of either target."""
    runs = found.trials
    return {
        "lr": [_short(c.lr) for c in found.configurations],
        "best": [_short(best_of(run)) for run in runs],
        **{
            name: [_short(c) for c in costs(problem, entrant, runs, v, "evaluations")]
            for name, v in vars(target).items()
        },
    }


def _sweep(problem, entrant, found, target):
    """Median over seeds of best value and cost, for each rate around the winner's."""
    rows = {"lr": [], "best": [], **{name: [] for name in vars(target)}}
    for configuration, runs in found.sweep:
        rows["lr"].append(_short(configuration.lr))
        rows["best"].append(
            _short(_quantile(np.array([[best_of(r)] for r in runs]), 50)[0])
        )
        for name, value in vars(target).items():
            used = costs(problem, entrant, runs, value, "evaluations")
            rows[name].append(_short(_quantile(used[:, None], 50)[0]))
    return rows


def _tunability(found):
    """What tuning buys on this problem, and how wide the range of good rates is.

    The curve rests on the random draws alone, the gap on the fresh seeds.
    """
    drawn = tuning_curve([best_of(run) for run in found.trials[1:]])
    at = np.unique(np.geomspace(1, len(drawn.expected), 15).round().astype(int)) - 1
    names = ("expected", "low", "high", "median", "reach")
    # A saturated classifier has a loss of 0, which has no ratio to another.
    default, tuned = (
        [max(best_of(r), ROUNDING) for r in found.winners[k].runs] for k in (0, -1)
    )
    rates = [configuration.lr for configuration, _ in found.sweep]
    values = [_quantile(np.array([[best_of(r)] for r in runs]), 50)[0]
              for _, runs in found.sweep]  # fmt: skip
    good = basin(rates, values) if rates else None
    return {
        "curve": {
            "trials": (at + 1).tolist(),
            **{name: [_short(v) for v in getattr(drawn, name)[at]] for name in names},
        },
        "default_gap": plain(default_gap(default, tuned)),
        "basin": asdict(good) if good else None,
    }
