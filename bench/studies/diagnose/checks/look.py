"""What the checks see of a table, each part computed once."""

from functools import cached_property
from typing import Any

import numpy as np

from ..reading import Column, UserTable

# Rows that the slower checks look at.
SOME = 4000


class Look:
    """A table, the rows that may be learnt from, and what was left out so far.

    rest: int[...], all rows but the test rows; what asks the target looks at no others.
    """

    def __init__(self, table: UserTable, rest: np.ndarray, seed: int) -> None:
        self.table, self.rest, self.seed = table, rest, seed
        self.dropped: list[str] = []

    def drop(self, names) -> None:
        """Leave columns out of what is seen from here on, and of training."""
        self.dropped += [name for name in names if name not in self.dropped]
        self.__dict__.pop("numbers", None)

    @property
    def names(self) -> list[str]:
        """The features that are left."""
        left = set(self.dropped)
        return [name for name in self.table.columns if name not in left]

    @property
    def columns(self) -> list[Column]:
        return [self.table.columns[name] for name in self.names]

    @cached_property
    def numbers(self) -> tuple[list[str], np.ndarray]:
        """(names, float64[rows, columns]) of the numeric features, medians in gaps."""
        columns = [c for c in self.columns if c.kind == "number"]
        if not columns:
            return [], np.empty((self.table.rows, 0))
        x = np.column_stack([c.values for c in columns])
        middle = np.array([_median(column) for column in x.T])
        return [c.name for c in columns], np.where(np.isnan(x), middle, x)

    def some(self, rows: np.ndarray, most: int = SOME) -> np.ndarray:
        """At most `most` of these rows, drawn by the seed, in order."""
        if len(rows) <= most:
            return rows
        rng = np.random.default_rng([self.seed, 7])
        return np.sort(rng.choice(rows, most, replace=False))

    def codes(self, rows: np.ndarray) -> np.ndarray:
        """float64[rows, features]: numbers, and categories by number; NaN in gaps."""
        return np.column_stack([c.codes[rows] for c in self.columns])

    def boosting(self, **options: Any) -> Any:
        """An unfitted model that finds whatever there is to find, fast."""
        from sklearn.ensemble import (
            HistGradientBoostingClassifier,
            HistGradientBoostingRegressor,
        )

        classes = len(self.table.classes)
        kind: Any = (
            HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
        )
        usual = {"max_iter": max(8, min(50, 250 // max(classes, 1)))}
        usual |= {"learning_rate": 0.2}
        return kind(early_stopping=False, random_state=self.seed, **usual | options)


def _median(column: np.ndarray) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if known.size else 0.0
