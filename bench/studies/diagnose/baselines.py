"""What a network must beat: guessing, a linear model, boosted trees."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from .folds import Fold
from .metrics import Scoring

# Trees of boosting times classes: above, fewer rounds are made.
_TREES, _ROUNDS = 500, 100
# Rows, and rows of a class, from which boosting keeps some back to stop early.
_STOPPABLE, _OF_A_CLASS = 500, 10
DUMMY = "dummy"


@dataclass(frozen=True)
class Baseline:
    """name, label: for readers; make: of (classes, seed) to an unfitted estimator."""

    name: str
    label: str
    code: str


BASELINES = (
    Baseline(DUMMY, "Guessing", "the most frequent classes or the mean"),
    Baseline("linear", "Linear model", "LogisticRegression or RidgeCV, inputs scaled"),
    Baseline("boosting", "Boosted trees", "HistGradientBoosting, early stopping"),
)


def estimator(name: str, y: np.ndarray, classes: int, seed: int) -> Any:
    """The unfitted estimator of scikit-learn of a baseline, for targets y float64[n].

    Boosting stops early where there are rows to tell when.
    """
    from sklearn import dummy, ensemble, linear_model
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if name == DUMMY:
        return dummy.DummyClassifier() if classes else dummy.DummyRegressor()
    if name == "linear":
        model = (
            linear_model.LogisticRegression(max_iter=300)
            if classes
            else linear_model.RidgeCV(np.logspace(-3, 3, 7))
        )
        return make_pipeline(StandardScaler(), model)
    rounds = max(10, min(_ROUNDS, _TREES // max(classes, 1)))
    rate = 0.1 if rounds == _ROUNDS else 0.2  # fewer rounds, larger steps
    kind: Any = (
        ensemble.HistGradientBoostingClassifier
        if classes
        else ensemble.HistGradientBoostingRegressor
    )
    enough = len(y) >= _STOPPABLE
    if classes:
        enough = enough and np.unique(y, return_counts=True)[1].min() >= _OF_A_CLASS
    return kind(
        max_iter=rounds,
        learning_rate=rate,
        early_stopping=enough,
        n_iter_no_change=5,
        random_state=seed,
    )


def predicted(model: Any, x: np.ndarray, classes: int) -> np.ndarray:
    """float64[n, classes], 0 for what training did not hold, or float64[n]."""
    if not classes:
        return np.asarray(model.predict(x), np.float64)
    found = np.zeros((len(x), classes))
    found[:, np.asarray(model.classes_, int)] = model.predict_proba(x)
    return found


def baseline_scores(name: str, folds: list[Fold], scoring: Scoring) -> np.ndarray:
    """float64[folds]: the metric of a baseline on the judged rows of each fold."""
    return np.array([_score(name, fold, scoring) for fold in folds])


def _score(name, fold, scoring):
    model = fitted(name, fold.data.x[0], fold.data.y[0], fold.classes, fold.seed)
    found = predicted(model, fold.data.x[2], fold.classes)
    return scoring.score(fold.data.y[2], found, fold.classes)


def fitted(name: str, x: np.ndarray, y: np.ndarray, classes: int, seed: int) -> Any:
    """The baseline learnt from x float64[n, inputs] and y float64[n]."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # A linear model that stopped early is still one to beat.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return estimator(name, y, classes, seed).fit(x, y)
