"""What predictions are judged by."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, nan
from typing import Any

import numpy as np

from ....scenarios import Metric
from ....scenarios.scenario import BALANCED_ACCURACY
from ...errors import UsageError

# Judged rows from which a log loss is no matter of a single row.
_ENOUGH = 100
# A probability below this counts as this, as in scikit-learn.
_LEAST = 1e-15


@dataclass(frozen=True)
class Scoring:
    """A metric of a task. shown: how readers see it; delta: smallest difference that
    matters, on the scale of `shown`; score: of (targets, predictions, classes)."""

    task: str
    shown: Metric
    delta: float
    score: Callable[..., float]


def _log_loss(y, p, classes):
    chosen = p[np.arange(len(y)), y.astype(int)]
    return float(-np.log(np.clip(chosen, _LEAST, 1)).mean())


def accuracy(y, p, classes):
    """The share of rows whose likeliest class is right."""
    return float((p.argmax(axis=1) == y).mean())


def _balanced(y, p, classes):
    right = p.argmax(axis=1) == y
    return float(np.mean([right[y == c].mean() for c in np.unique(y)]))


def _f1(y, p, classes):
    from sklearn.metrics import f1_score

    score: Any = f1_score
    return float(score(y, p.argmax(axis=1), average="macro", zero_division=0))


def _roc_auc(y, p, classes):
    """Of each class against the others, averaged; NaN where only one class is."""
    from sklearn.metrics import roc_auc_score

    there = [c for c in range(classes) if 0 < (y == c).sum() < len(y)]
    if classes == 2:
        there = there[1:]
    found = [float(roc_auc_score(y == c, p[:, c])) for c in there]
    return float(np.mean(found)) if found else nan


def _rmse(y, p, classes):
    return float(np.sqrt(np.mean((y - p) ** 2)))


def _mae(y, p, classes):
    return float(np.abs(y - p).mean())


def _r2(y, p, classes):
    spread = float(np.sum((y - y.mean()) ** 2))
    return 1 - float(np.sum((y - p) ** 2)) / spread if spread else nan


def _share(label, measures=""):
    return Metric("judged", label, "share", "linear", "higher", measures=measures)


_RATIO, _POINT = -log(0.95), 0.01
_CLASSES, _VALUES = "classification", "regression"
SCORINGS = {
    "log_loss": Scoring(
        _CLASSES,
        Metric("judged", "log loss", "nats", "log", "lower"),
        _RATIO,
        _log_loss,
    ),
    "accuracy": Scoring(_CLASSES, _share("accuracy"), _POINT, accuracy),
    "balanced_accuracy": Scoring(
        _CLASSES, _share("balanced accuracy", BALANCED_ACCURACY), _POINT, _balanced
    ),
    "f1": Scoring(
        _CLASSES, Metric("judged", "macro F1", "", "linear", "higher"), _POINT, _f1
    ),
    "roc_auc": Scoring(
        _CLASSES, Metric("judged", "ROC AUC", "", "linear", "higher"), _POINT, _roc_auc
    ),
    "rmse": Scoring(
        _VALUES, Metric("judged", "RMSE", "", "log", "lower"), _RATIO, _rmse
    ),
    "mae": Scoring(
        _VALUES, Metric("judged", "mean error", "", "log", "lower"), _RATIO, _mae
    ),
    "r2": Scoring(_VALUES, Metric("judged", "R²", "", "linear", "higher"), _POINT, _r2),
}


def scoring(name: str | None, task: str, imbalanced: bool, judged: int):
    """(name, `Scoring`) of a metric. UsageError on one that the task does not have.

    None: log loss or RMSE; accuracy where fewer than 100 rows judge, since a log loss
    then hangs on one of them; balanced accuracy where classes are imbalanced, since
    both others reward whoever gives up the rare class.
    """
    if name is None and task == _VALUES:
        name = "rmse"
    elif name is None:
        name = "log_loss" if judged >= _ENOUGH else "accuracy"
        name = "balanced_accuracy" if imbalanced else name
    if name not in SCORINGS or SCORINGS[name].task != task:
        known = ", ".join(n for n, s in SCORINGS.items() if s.task == task)
        raise UsageError(f"--metric {name} is none of {task}; there are {known}.")
    return name, SCORINGS[name]


def probabilities(logits: np.ndarray) -> np.ndarray:
    """float64[n, classes] of a network's outputs."""
    z = logits.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
