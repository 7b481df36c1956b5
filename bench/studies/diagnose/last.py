"""The test rows: touched here, once, for what is to be said at the end."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....scenarios import Trial
from ...execution.training import trained
from ...statistics.intervals import wilson_interval
from .baselines import fitted, predicted
from .folds import encoded_fold
from .metrics import Scoring, accuracy
from .training import predictions

_DRAWS, _LEVEL = 400, 0.95


@dataclass(frozen=True)
class Candidate:
    """What is tested: a trial of the network, or a baseline by name."""

    label: str
    what: Trial | str


def tested(
    candidates: list[Candidate], table, names, parts, scoring: Scoring, seed: int
) -> list[dict[str, Any]]:
    """label, value, low, high of each candidate on the test rows.

    parts: (training, validation, test) rows. Networks learn from the training rows and
    stop by the validation rows, baselines learn from both. The interval, at 95 %, is
    Wilson's of an accuracy, as few rows may all be right; else that of test rows drawn
    anew (percentile bootstrap).
    """
    fold = encoded_fold(seed, table, names, parts)
    data = fold.data
    rng = np.random.default_rng([seed, 13])
    draws = rng.integers(len(data.y[2]), size=(_DRAWS, len(data.y[2])))
    return [_tested(candidate, fold, scoring, draws) for candidate in candidates]


def _tested(candidate, fold, scoring, draws):
    if isinstance(candidate.what, str):
        x = np.concatenate(fold.data.x[:2])
        y = np.concatenate(fold.data.y[:2])
        model = fitted(candidate.what, x, y, fold.classes, fold.seed)
        found = predicted(model, fold.data.x[2], fold.classes)
    else:
        rows = fold.split(candidate.what)
        net, (outcome,), _ = trained(candidate.what, [fold.seed], [rows], 1)
        with np.errstate(all="ignore"):
            found = predictions(net, outcome.params, rows.x_test, fold)
    y = fold.data.y[2]
    if not np.isfinite(found).all():
        return {"label": candidate.label, "value": None, "low": None, "high": None}
    value = scoring.score(y, found, fold.classes)
    low, high = _bounds(scoring, (y, found, fold.classes), value, draws)
    return {
        "label": candidate.label,
        "value": float(value),
        "low": float(low),
        "high": float(high),
    }


def _bounds(scoring, given, value, draws):
    """(low, high) of a score on test rows. given: targets, predictions, classes."""
    y, found, classes = given
    if scoring.score is accuracy:
        hits = round(value * len(y))
        _, low, high = wilson_interval(hits, len(y), _LEVEL)
        return low, high
    again = [scoring.score(y[rows], found[rows], classes) for rows in draws]
    return np.nanpercentile(again, [50 * (1 - _LEVEL), 50 * (1 + _LEVEL)])
