"""Trials on folds: what a suite stores of a run, and how its predictions are judged."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Any

import numpy as np

from ....scenarios import Trial
from ...execution.attempt import failure
from ...execution.ensemble import outputs
from ...execution.network import ledger
from ...execution.record import Run
from ...execution.training import final_values, progress_values, thinned, trained
from .folds import Fold
from .metrics import Scoring, probabilities


@dataclass(frozen=True)
class Conditions:
    """How runs are made. threads: at a time; scoring: what judges their predictions."""

    scoring: Scoring
    threads: int


def runs_of(
    name: str, role: str, trial: Trial, folds: list[Fold], how: Conditions
) -> dict[int, Run]:
    """{seed: run} of a trial on each fold; one that cannot be trained says why.

    Folds of one shape are trained side by side. values: those of the suite, and
    `judged`, the metric on the judged rows; `work`, multiply-adds of the whole run.
    """
    alike: dict[Any, list[Fold]] = {}
    for fold in folds:
        try:
            rows = fold.split(trial)
        except ValueError as error:
            key: Any = ("failed", str(error))
        else:
            key = tuple(p.shape for p in (rows.x_train, rows.x_val, rows.x_test))
        alike.setdefault(key, []).append(fold)
    make = partial(_attempt, name, role, trial, scoring=how.scoring)
    if len(alike) == 1:
        made = [make(folds, how.threads)]
    else:
        with ThreadPoolExecutor(how.threads) as pool:
            made = list(pool.map(lambda same: make(same, 1), alike.values()))
    found = {run.seed: run for runs in made for run in runs}
    return {fold.seed: found[fold.seed] for fold in folds}


def _attempt(name, role, trial, folds, threads, scoring) -> list[Run]:
    def run(seed, **outcome):
        return Run("", "diagnose", name, role, seed, trial=_facts(trial), **outcome)

    try:
        return _trained(run, trial, folds, threads, scoring)
    except (
        Exception
    ) as error:  # a fix that cannot be trained must not end the diagnosis
        return [run(fold.seed, **failure(error)) for fold in folds]


def _trained(run, trial, folds, threads, scoring):
    splits = [fold.split(trial) for fold in folds]
    seeds = [fold.seed for fold in folds]
    net, found, _ = trained(trial, seeds, splits, threads)
    runs = []
    for fold, rows, outcome in zip(folds, splits, found, strict=True):
        params, epochs = outcome.params, outcome.epochs
        names = ("train_loss", "val_loss", "train_metric", "val_metric")
        curves = {name: outcome.curves[name] for name in names}
        scores = final_values(net, params, rows)
        if scoring.shown.scale != "log":  # it is no guardrail of itself
            scores["test_metric"] = nan
        size = ledger(trial, net, len(rows.x_seen)).total
        values = {
            **scores,
            **progress_values(trial, curves, len(rows.x_seen)),
            "judged": judged(net, params, rows.x_test, fold, scoring),
            "epochs": epochs,
            "work": float(net.work) * len(rows.x_seen) * epochs * len(params),
            "predicted_bytes": size,
        }
        runs.append(
            run(
                fold.seed,
                status=outcome.status,
                reason=outcome.reason or None,
                seconds=outcome.seconds,
                bytes=size,
                values=values,
                curves=thinned(curves),
            )
        )
    return runs


def predictions(net, params, x, fold: Fold) -> np.ndarray:
    """float64[n, classes] probabilities, or float64[n] in the target's own unit."""
    out = outputs(net, params, np.ascontiguousarray(x))
    if fold.classes:
        return probabilities(out)
    return out[:, 0].astype(np.float64) * fold.data.spread + fold.data.centre


def judged(net, params, x, fold: Fold, scoring: Scoring) -> float:
    """The metric on the judged rows, NaN where the network left the numbers."""
    if not np.isfinite(params).all():
        return nan
    with np.errstate(all="ignore"):
        found = predictions(net, params, x, fold)
        if not np.isfinite(found).all():
            return nan
        return scoring.score(fold.data.y[2], found, fold.classes)


def _facts(trial):
    """What a price reads of a run's trial."""
    return {"epochs": trial.epochs}
