"""A stored training as rules read it: its curves and numbers, missing ones as NaN."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...execution.record import Run


class WatchedRun:
    """Curves, values and trial of a stored `Run` of the kind `watch`."""

    def __init__(self, run: Run):
        self.seed, self.status = run.seed, run.status
        self.trial: Mapping[str, Any] = run.trial
        self._values, self._curves = run.values, run.curves

    @property
    def classes(self) -> bool:
        """Are its metrics accuracies? Of numbers they are R^2."""
        return self.trial["loss"] != "mse"

    @property
    def epochs(self) -> int:
        """How many epochs were run."""
        return len(self._curves["epoch"])

    def curve(self, name: str) -> np.ndarray:
        """float[epochs], NaN where nothing finite was measured."""
        return np.array(self._curves[name], dtype=float)

    def accuracy(self, part: str) -> np.ndarray:
        """float[epochs] of `train` or `val`; NaN where there are no classes."""
        found = self.curve(f"{part}_metric")
        return found if self.classes else np.full(len(found), np.nan)

    def value(self, name: str) -> float:
        """A number, NaN where it is missing or was not finite."""
        found = self._values.get(name)
        return float("nan") if found is None else float(found)
