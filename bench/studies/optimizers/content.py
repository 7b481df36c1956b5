"""One optimizer on one problem, as plain data for pages."""

from dataclasses import asdict
from math import inf
from statistics import median
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
from .scores import CLOCKS, costs, per_pass
from .tuning import best_of, final_of, settled_of

# Points of a curve: enough for a picture, few enough for a file.
POINTS = 50
# Losses below float32's rounding are no better than one another.
ROUNDING = float(np.finfo(np.float32).eps)
QUARTILES = {"low": 25, "median": 50, "high": 75}


def result(problem, entrant, found, targets, seconds=None) -> dict[str, Any]:
    """A pair's entry of `results`.

    targets: the `Target` of each budget; seconds: of a step, where they were measured.
    """
    units = per_pass(problem, entrant, seconds)
    last = targets[-1]
    return {
        "problem": problem.name,
        "optimizer": entrant.name,
        "decades": list(found.decades),
        "extended": found.extended,
        "at_edge": found.at_edge,
        "budgets": [
            _winner(problem, entrant, winner, target, units)
            for winner, target in zip(found.winners, targets, strict=True)
        ],
        "trials": _trials(found, last, units["evaluations"]),
        "sweep": _sweep(found.winners[-1], last, units["evaluations"]),
        "tunability": _tunability(found),
    }


def _winner(problem, entrant, winner, target, units):
    runs = winner.runs
    most = epochs_of(problem, entrant) * units["evaluations"]
    return {
        "budget": winner.budget,
        "trial": winner.trial,
        "hyper": dict(winner.configuration.options),
        "refined": {
            "lr": [_short(c.lr) for c, _ in winner.refined],
            "settled": [_short(loss) for _, loss in winner.refined],
        },
        "best": [_short(best_of(run)) for run in runs],
        "final": [_short(final_of(run)) for run in runs],
        "settled": [_short(settled_of(run)) for run in runs],
        "status": [run.status for run in runs],
        "tuned": _short(winner.tuned),
        "swept": None if winner.swept is None else _short(winner.swept),
        "withheld": winner.withheld,
        "met": {
            name: [bool(np.isfinite(c)) for c in costs(runs, value, 1.0)]
            for name, value in vars(target).items()
        },
        "costs": {
            name: {
                clock: [_short(c) for c in costs(runs, value, units[clock])]
                for clock in CLOCKS
            }
            for name, value in vars(target).items()
        },
        "reached": {
            name: _reached(costs(runs, value, units["evaluations"]), most)
            for name, value in vars(target).items()
        },
        "curve": curve(problem, entrant, runs, units),
    }


def _reached(used, most):
    """Reach rate and expected running time in gradient evaluations."""
    return {
        "rate": plain(reach_rate(used)),
        "running_time": plain(running_time_interval(used, most)),
    }


def plain(interval: Interval) -> list[float | None]:
    """[value, low, high], None for what is infinite."""
    return [finite_or_none(number) for number in interval]


def curve(problem, entrant, runs, units) -> dict[str, Any]:
    """Quartiles over the runs of both losses, thinned.

    A run that broke off is infinitely bad from there on: None where a quartile is.
    """
    epochs = epochs_of(problem, entrant)
    keep = np.unique(
        np.linspace(0, epochs - 1, min(epochs, POINTS)).round().astype(int)
    )
    shown = {
        "passes": (keep + 1).tolist(),
        "per_pass": {clock: _short(unit) for clock, unit in units.items()},
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


def _trials(found, target, unit):
    """The independent trials, a column each: rate, losses, cost of either target."""
    runs = found.trials
    return {
        "lr": [_short(c.lr) for c in found.configurations],
        "best": [_short(best_of(run)) for run in runs],
        "settled": [_short(settled_of(run)) for run in runs],
        **{
            name: [_short(c) for c in costs(runs, value, unit)]
            for name, value in vars(target).items()
        },
    }


def _sweep(winner, target, unit):
    """Median over seeds of losses and cost, for each rate around the winner's."""
    rows = {name: [] for name in ("lr", "seeds", "best", "settled", *vars(target))}
    for configuration, runs in winner.sweep:
        rows["lr"].append(_short(configuration.lr))
        rows["seeds"].append(len(runs))
        rows["best"].append(_short(median(map(best_of, runs))))
        rows["settled"].append(_short(median(map(settled_of, runs))))
        for name, value in vars(target).items():
            rows[name].append(_short(median(costs(runs, value, unit))))
    return rows


def _tunability(found):
    """What tuning buys on this problem, and how wide the range of good rates is.

    The curve rests on the independent draws alone (no defaults, no refined rates), the
    gap on the fresh seeds. Losses are those that runs settle at.
    """
    # A saturated classifier has a loss of 0, which has no ratio to another.
    default, tuned = (
        [max(settled_of(r), ROUNDING) for r in found.winners[k].runs] for k in (0, -1)
    )
    sweep = found.winners[-1].sweep
    rates = [configuration.lr for configuration, _ in sweep]
    values = [median(map(settled_of, runs)) for _, runs in sweep]
    good = basin(rates, values) if rates else None
    return {
        "curve": _best_of_so_many([settled_of(run) for run in found.trials[1:]]),
        "default_gap": plain(default_gap(default, tuned)),
        "basin": asdict(good) if good else None,
    }


def _best_of_so_many(draws):
    """What the best of k independent draws settles at, thinned; empty without any."""
    names = ("expected", "low", "high", "median", "reach")
    if not draws:
        return {"trials": [], **{name: [] for name in names}}
    drawn = tuning_curve(draws)
    at = np.unique(np.geomspace(1, len(drawn.expected), 15).round().astype(int)) - 1
    return {
        "trials": (at + 1).tolist(),
        **{name: [_short(v) for v in getattr(drawn, name)[at]] for name in names},
    }
