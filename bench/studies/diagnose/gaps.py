"""Ways to fill gaps in columns of numbers, each an option of a trial's data."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from ....scenarios import Trial
from .reading import UserTable

MEAN, FLAGS, MODEL = "gaps_mean", "gaps_flags", "gaps_model"
_ROUNDS = 5
_MEDIAN = {"strategy": "median", "keep_empty_features": True}
# What each is in scikit-learn; None: unless a trial asks for another. Regressions leave
# a column out that is empty in training: to keep it they write into the caller's rows.
WAYS: dict[str | None, tuple[str, dict[str, Any]]] = {
    None: ("SimpleImputer", _MEDIAN),
    MEAN: ("SimpleImputer", _MEDIAN | {"strategy": "mean"}),
    FLAGS: ("SimpleImputer", _MEDIAN | {"add_indicator": True}),
    MODEL: (
        "IterativeImputer",
        {
            "initial_strategy": "median",
            "max_iter": _ROUNDS,
            "skip_complete": True,
            "random_state": 0,
        },
    ),
}
# Multiply-adds of all regressions of one encoding, above which they are not tried.
_DEAREST = 4e9


def way_of(trial: Trial) -> str | None:
    """How a trial fills gaps; None for the median."""
    return next((name for name, _ in trial.data.options if name in WAYS), None)


def filling(trial: Trial, _dose: float | None, way: str) -> Trial:
    """The trial with its gaps filled in that way, in the place of any other."""
    others = [pair for pair in trial.data.options if pair[0] not in WAYS]
    options = tuple(sorted([*others, (way, 1)]))
    return replace(trial, data=replace(trial.data, options=options))


def imputer(way: str | None) -> Any:
    """The unfitted imputer of scikit-learn that `WAYS` names.

    Source of the regressions: van Buuren & Groothuis-Oudshoorn (2011), mice, Journal
    of Statistical Software 45; of the marks: Perez-Lebel et al. (2022), Benchmarking
    missing-values approaches for predictive models, GigaScience 11.
    """
    from sklearn import impute
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401

    name, settings = WAYS[way]
    return getattr(impute, name)(**settings)


def quiet(work: Any, *arguments: Any) -> Any:
    """work(*arguments), where regressions may stop before they settle."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return work(*arguments)


def gapped(table: UserTable, names: list[str], rows: np.ndarray) -> list[str]:
    """The columns of numbers that miss something in these rows."""
    numbers = [n for n in names if table.columns[n].kind != "category"]
    return [n for n in numbers if np.isnan(table.columns[n].values[rows]).any()]


def too_dear(way: str | None, gaps: int, inputs: int, rows: int) -> bool:
    """Would regressions for so many columns take long? Least squares: rows inputs^2."""
    return way == MODEL and _ROUNDS * gaps * rows * inputs**2 > _DEAREST
