"""Score and time of our estimators beside MLPClassifier and MLPRegressor.

Both get the same rows, splits and settings, which are scikit-learn's defaults, and fit
in turns, the first of each pair changing from seed to seed. Both draw their weights by
Glorot's rule, from other random numbers, so scores differ as those of two seeds do.
"""

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler, scale

from ...estimators import GradClinicClassifier, GradClinicRegressor
from ...progress import Report
from ...statistics.intervals import mean_interval

DATA = {
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
}
NUMBERS = ("diabetes",)
TEST = 0.25  # of the rows
SETTINGS = {
    "hidden_layer_sizes": (100,),
    "activation": "relu",
    "solver": "adam",
    "alpha": 1e-4,
    "batch_size": "auto",
    "learning_rate_init": 1e-3,
    "max_iter": 200,
    "tol": 1e-4,
    "n_iter_no_change": 10,
}


@dataclass(frozen=True)
class Fitted:
    """A fit: score on new rows (accuracy or R^2), seconds of processor, epochs."""

    score: float
    seconds: float
    epochs: int


def compared(
    data: str, seeds: int, settings: dict[str, Any], dtype: str, progress: Report
) -> dict[str, Any]:
    """Both on one data set, over seeds, which split the rows anew."""
    kinds = (
        (GradClinicRegressor, MLPRegressor)
        if data in NUMBERS
        else (GradClinicClassifier, MLPClassifier)
    )
    rows = _rows(data, 0, dtype)
    _fit(kinds[0], rows, 0, settings)  # compiles, or loads what is compiled
    pairs = []
    for seed in range(seeds):
        progress(seed, seeds, data)
        rows, fits = _rows(data, seed, dtype), {}
        for kind in kinds if seed % 2 else kinds[::-1]:
            fits[kind] = _fit(kind, rows, seed, settings)
        pairs.append(tuple(fits[kind] for kind in kinds))
    return {"data": data, "dtype": dtype, "seeds": seeds, **_summary(pairs)}


def _rows(data: str, seed: int, dtype: str) -> list[np.ndarray]:
    x, y = DATA[data](return_X_y=True)
    if data in NUMBERS:
        y = scale(y)
    strata = None if data in NUMBERS else y
    parts = train_test_split(x, y, test_size=TEST, random_state=seed, stratify=strata)
    x, x_new, y, y_new = (np.asarray(part) for part in parts)
    scaler = StandardScaler().fit(x)
    scaled = (np.asarray(scaler.transform(part), dtype) for part in (x, x_new))
    return [*scaled, y, y_new]


def _fit(kind: Any, rows: list[np.ndarray], seed: int, settings: dict) -> Fitted:
    x, x_new, y, y_new = rows
    model = kind(random_state=seed, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        began = time.perf_counter()
        model.fit(x, y)
        seconds = time.perf_counter() - began
    return Fitted(float(model.score(x_new, y_new)), seconds, int(model.n_iter_))


def _summary(pairs: list[tuple[Fitted, Fitted]]) -> dict[str, Any]:
    """Means, spreads and paired differences with their 95 % intervals.

    Of scores by Nadeau and Bengio (2003), since splits share rows.
    """
    ours, theirs = zip(*pairs, strict=True)
    scores = np.array([[fit.score for fit in side] for side in (ours, theirs)])
    times = np.array([[fit.seconds for fit in side] for side in (ours, theirs)])
    epochs = np.array([[fit.epochs for fit in side] for side in (ours, theirs)])
    difference = mean_interval(scores[0] - scores[1], 0.95, TEST / (1 - TEST))
    ratio = mean_interval(np.log(times[1] / times[0]))
    return {
        "score": dict(
            zip(("ours", "theirs"), scores.mean(axis=1).tolist(), strict=True)
        ),
        "spread": float(scores[1].std(ddof=1)),
        "difference": list(difference),
        "seconds": dict(
            zip(("ours", "theirs"), np.median(times, axis=1).tolist(), strict=True)
        ),
        "times_longer": np.exp(np.array(ratio)).tolist(),
        "epochs": dict(
            zip(("ours", "theirs"), epochs.mean(axis=1).tolist(), strict=True)
        ),
    }


def table(results: list[dict[str, Any]]) -> Iterator[str]:
    """Lines that tell the results."""
    head = ("data", "dtype", "ours", "theirs", "difference (95 %)", "spread")
    head += ("ours, s", "theirs, s", "theirs / ours (95 %)", "epochs")
    rows: list[tuple[str, ...]] = [head]
    for found in results:
        value, low, high = found["difference"]
        ratio, least, most = found["times_longer"]
        ours, theirs = (found[k] for k in ("score", "seconds"))
        epochs = found["epochs"]
        rows.append(
            (
                found["data"],
                found["dtype"],
                f"{ours['ours']:.4f}",
                f"{ours['theirs']:.4f}",
                f"{value:+.4f} ({low:+.4f} to {high:+.4f})",
                f"{found['spread']:.4f}",
                f"{theirs['ours']:.4f}",
                f"{theirs['theirs']:.4f}",
                f"{ratio:.2f} ({least:.2f} to {most:.2f})",
                f"{epochs['ours']:.0f}, {epochs['theirs']:.0f}",
            )
        )
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(size) for cell, size in zip(row, wide, strict=True))
        yield "  ".join(cells).rstrip()
