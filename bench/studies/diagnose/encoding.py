"""Columns into numbers a network takes, learnt from the training rows alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .gaps import imputer, quiet
from .reading import UserTable

# Categories of a column that get a number of their own; rarer ones share one.
CATEGORIES = 20


def frame_of(table: UserTable, names: list[str]) -> Any:
    """The feature columns of these names as a DataFrame: float64, or object of str."""
    import pandas as pd

    return pd.DataFrame({n: table.columns[n].values for n in names})


def encoder(table: UserTable, names: list[str], way: str | None = None) -> Any:
    """An unfitted ColumnTransformer of scikit-learn.

    Numbers: filled where missing in a way of `gaps.WAYS`, None for the median.
    Categories: one column each, for at most `CATEGORIES`; what training did not see
    counts as rare.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    numbers = [n for n in names if table.columns[n].kind != "category"]
    texts = [n for n in names if table.columns[n].kind == "category"]
    one_hot = OneHotEncoder(
        max_categories=CATEGORIES,
        handle_unknown="infrequent_if_exist",
        sparse_output=False,
    )
    constant: Any = SimpleImputer
    filled = constant(missing_values=None, strategy="constant", fill_value="(missing)")
    steps = [
        ("numbers", imputer(way), numbers),
        ("categories", make_pipeline(filled, one_hot), texts),
    ]
    return ColumnTransformer([step for step in steps if step[2]])


@dataclass(frozen=True)
class Encoded:
    """Rows as numbers, by part. x: float64[rows, inputs] each; y: float64[rows].

    centre, spread: of the training targets where values are learnt, else 0 and 1; y is
    not yet scaled by them.
    """

    x: tuple[np.ndarray, ...]
    y: tuple[np.ndarray, ...]
    centre: float
    spread: float


def encoded(
    table: UserTable, names: list[str], *parts: np.ndarray, way: str | None = None
) -> Encoded:
    """The rows of parts, int arrays, encoded by what the first of them holds.

    way: how gaps are filled, see `gaps.WAYS`.
    """
    frame = frame_of(table, names)
    fitted = quiet(encoder(table, names, way).fit, frame.iloc[parts[0]])
    x = tuple(np.asarray(fitted.transform(frame.iloc[p]), np.float64) for p in parts)
    y = tuple(table.y[p] for p in parts)
    if table.classes:
        return Encoded(x, y, 0.0, 1.0)
    return Encoded(x, y, float(y[0].mean()), float(y[0].std()) or 1.0)
