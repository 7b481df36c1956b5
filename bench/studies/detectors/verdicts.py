"""What our rules say: of one run as a `Monitor` does, of several as the suite does."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...execution.examination import NUMBERS
from ...statistics import DETECTORS, READS, Detection
from ...statistics.logged import LEAST, RULES, LoggedCurves, LoggedSeries, judged
from .watched_run import WatchedRun

# Troubles that curves can show and that are caused here.
OF_CURVES = tuple(name for name in RULES if name != "oscillation")
# Troubles that several seeds can show and that a training has.
OF_GROUPS = (
    "overfitting",
    "underfitting",
    "slow_training",
    "divergence",
    "vanishing_gradient",
    "exploding_gradient",
    "dead_relu",
    "ill_conditioning",
    "class_imbalance",
    "covariate_shift",
)
_ASKED = 20  # epochs at which a run's curves are judged
# What rules read that is no number of a run.
_GIVEN = {"status", "lr", "lambda_max", "delta", "late_fall", "accuracy_lost"}
_SERIES = {"train_loss": "train_loss", "val_loss": "val_loss"}
_ACCURACIES = {"train_accuracy": "train_metric", "val_accuracy": "val_metric"}


def logged(run: WatchedRun, epochs: int | None = None) -> LoggedCurves:
    """The curves of a run, as a program would log them, up to an epoch."""
    names = _SERIES | (_ACCURACIES if run.classes else {})
    place = np.arange(1.0, run.epochs + 1)[:epochs]
    series = {n: LoggedSeries(place, run.curve(c)[:epochs]) for n, c in names.items()}
    return LoggedCurves(series, "epoch")


def of_run(run: WatchedRun) -> dict[str, int]:
    """{trouble: epoch from which it is named to the end} of one run.

    Alarms that are taken back before the end count as none. Of long trainings twenty
    epochs are asked.
    """
    named = [name for name, found in judged(logged(run)).items() if found.fires]
    since = {name: run.epochs for name in named}
    open_names = set(named)
    step = max(1, run.epochs // _ASKED)
    for epoch in range(run.epochs - step, LEAST - 1, -step):
        if not open_names:
            break
        found = judged(logged(run, epoch))
        open_names = {n for n in open_names if n in found and found[n].fires}
        since |= dict.fromkeys(open_names, epoch)
    return since


def of_group(
    runs: Sequence[WatchedRun],
    twins: Sequence[WatchedRun],
    more: Mapping[str, Sequence[WatchedRun]],
    overlap: float | None,
) -> dict[str, Detection]:
    """{trouble: `Detection`} of the runs of several seeds, as the suite asks.

    twins: sound trainings of the same seeds, the reference of the way to the target.
    more: runs of the same seeds that were trained to compare with: `wider_x2` and
    `wider_x4`, networks so many times as wide, and `new_rows`, on rows such as the new
    ones. Without them nothing is said of underfitting and of covariate shift.
    """
    names = {name for detector in OF_GROUPS for name in READS[detector]} - _GIVEN
    values: dict[str, Any] = {n: _column(runs, n) for n in sorted(names)}
    values["status"] = [run.status for run in runs]
    if not all(run.classes for run in runs):
        values["train_metric"] = values["val_metric"] = np.empty(0)
    values |= _way(runs, twins) | _capacity(runs, more)
    if "new_rows" in more:
        reached = _column(more["new_rows"], "val_metric")
        values["accuracy_lost"] = reached - _column(runs, "val_metric")
    return {
        name: DETECTORS[name](values, test_over_train=overlap) for name in OF_GROUPS
    }


def epoch_of_group(detector: str, runs: Sequence[WatchedRun]) -> int | None:
    """When a rule on several seeds can speak: after the first steps, or at the end."""
    if {*READS[detector]} & {*NUMBERS}:
        return 1
    return max(run.epochs for run in runs)


def _column(runs, name):
    return np.array([run.value(name) for run in runs])


def _way(runs, twins):
    """Passes to the target beside the twin's; a miss is infinitely far."""
    passes, reference = (
        np.nan_to_num(_column(each, "evaluations_to_target"), nan=np.inf)
        for each in (runs, twins)
    )
    budget = max(run.epochs for run in runs)
    return {
        "evaluations_to_target": passes,
        "reference_evaluations": reference,
        "evaluations_budget": np.full(len(runs), float(budget)),
        "late_fall": np.array([late_fall(run) for run in runs]),
    }


def late_fall(run: WatchedRun) -> float:
    """By which share the validation loss fell over the last tenth: 0.02 of 2 %.

    The mean of the last tenth beside the mean of the tenth before it.
    """
    loss, tenth = run.curve("val_loss"), max(1, run.epochs // 10)
    if run.epochs < 2 * tenth:
        return float("nan")
    return float(1.0 - loss[-tenth:].mean() / loss[-2 * tenth : -tenth].mean())


def _capacity(runs, more):
    wider = {name: each for name, each in more.items() if name.startswith("wider")}
    if not wider:
        return {}
    losses = [_column(each, "train_loss") for each in wider.values()]
    doubled = wider.get("wider_x2")
    return {
        "best_sweep_train_loss": np.fmin.reduce(losses),
        "wider_val_metric": None if doubled is None else _column(doubled, "val_metric"),
        "delta": 0.01,
    }


def may_be_small(runs: Sequence[WatchedRun]) -> bool:
    """Can the rule on underfitting fire? Else no wider networks need be trained.

    The accuracies are apart by 10 points at most, and not perfect.
    """
    train, val = (_column(runs, f"{part}_metric") for part in ("train", "val"))
    known = np.isfinite(train) & np.isfinite(val)
    if not known.any() or not all(run.classes for run in runs):
        return False
    gap, reached = (train - val)[known].mean(), train[known].mean()
    return bool(gap <= 0.10 and reached <= 0.995)


def may_be_shifted(runs: Sequence[WatchedRun]) -> bool:
    """Can the rule on covariate shift fire? Else no other rows need be trained on."""
    return bool(_column(runs, "domain_auc").mean() > 0.65)
