"""The rows that a network is trained on, and those that watch over it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split


@dataclass(frozen=True)
class FitRows:
    """Rows of a `fit`.

    x: float[rows, i]; y: targets as the kernels take them, float[rows] or float[rows,
    o]; weights: float64[rows] above zero, None where all are equal; mean_weight: their
    mean; strata: what a split keeps the shares of, None for none.
    """

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray | None
    mean_weight: float
    strata: np.ndarray | None

    def part(self, places: np.ndarray) -> "FitRows":
        """The rows at some places."""
        taken = (
            None if each is None else each[places]
            for each in (self.weights, self.strata)
        )
        weights, strata = taken
        return replace(
            self, x=self.x[places], y=self.y[places], weights=weights, strata=strata
        )

    def as_validation(self) -> tuple[np.ndarray, ...]:
        """The `validation` of a training."""
        return (self.x, self.y) + (() if self.weights is None else (self.weights,))


def fit_rows(x, y, weights, strata) -> FitRows:
    """The `FitRows`; a row of weight zero is left out, as if it were not there.

    weights: float64[rows] from zero on, or None. ValueError where none is above zero.
    """
    if weights is None:
        return FitRows(x, y, None, 1.0, strata)
    kept = np.flatnonzero(weights > 0)
    if not kept.size:
        raise ValueError("sample_weight must be above zero for some row")
    found = FitRows(x, y, weights, 1.0, strata)
    if kept.size < len(x):
        found = found.part(kept)
    mean = float(weights[kept].mean())
    same = np.ptp(weights[kept]) == 0
    return replace(found, weights=None if same else found.weights, mean_weight=mean)


def held_out(rows: FitRows, fraction: float, random: Any) -> tuple[FitRows, FitRows]:
    """(rows to train on, rows to watch); classes keep their shares where there are any.

    Raises ValueError where there are too few rows, or rows of a class.
    """
    parts = train_test_split(
        np.arange(len(rows.x)),
        test_size=fraction,
        random_state=random,
        stratify=rows.strata,
    )
    train, new = (rows.part(np.asarray(part)) for part in parts)
    return train, new
