"""Is the target a class or a number? And the targets as float64."""

from typing import Any

import numpy as np

from ....errors import BadData

# Distinct whole numbers up to which a target is taken as classes.
_MOST_CLASSES = 20
TASKS = ("classification", "regression")


def targets(column: Any, task: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """(y float[n], names of the classes in order or ()) of a column without gaps.

    task: None finds it: text, truth values and at most 20 distinct whole numbers, on at
    least three rows each, are classes; other numbers are values. Raises BadData where
    that cannot be.
    """
    numbers = _numbers(column)
    if task is None:
        task = _found(column, numbers)
    if task == "regression":
        if numbers is None:
            raise BadData(
                f"column {column.name} holds text, which regression cannot predict;"
                " use --task classification."
            )
        if np.ptp(numbers) == 0:
            raise BadData(
                f"column {column.name} has one value only: there is nothing to learn."
            )
        return numbers, ()
    return _classes(column, numbers)


def _numbers(column: Any) -> np.ndarray | None:
    """float[n], None where an entry is no number."""
    import pandas as pd

    if column.dtype.kind in "biuf":
        return column.to_numpy(np.float64)
    found: Any = pd.to_numeric(column.astype(str).str.strip(), errors="coerce")
    return None if found.isna().any() else found.to_numpy(np.float64)


def _found(column: Any, numbers: np.ndarray | None) -> str:
    if numbers is None or column.dtype.kind == "b":
        return "classification"
    distinct = len(np.unique(numbers))
    whole = (numbers == np.round(numbers)).all()
    few = distinct <= _MOST_CLASSES and 3 * distinct <= len(numbers)
    return "classification" if whole and few else "regression"


def _classes(column: Any, numbers: np.ndarray | None):
    if numbers is not None:
        distinct, y = np.unique(numbers, return_inverse=True)
        names = tuple(f"{value:g}" for value in distinct)
        if column.dtype.kind == "b" and len(names) == 2:
            names = ("False", "True")
    else:
        distinct, y = np.unique(
            column.astype(str).to_numpy(object), return_inverse=True
        )
        names = tuple(map(str, distinct))
    if len(names) == 1:
        raise BadData(
            f"column {column.name} holds one class only: there is nothing to tell"
            " apart."
        )
    if len(names) > len(y) / 2:
        raise BadData(
            f"column {column.name} has {len(names)} classes on {len(y)} rows, too few"
            " rows for each; use --task regression, or another target."
        )
    return y.astype(np.float64), names
