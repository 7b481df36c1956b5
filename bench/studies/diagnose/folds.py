"""The rows that one training sees: encoded, transformed as its trial says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from ....scenarios import Trial
from ....scenarios.data import Split
from ....scenarios.data.transforms import transform
from ....scenarios.data.weighting import weights
from .encoding import Encoded, encoded
from .gaps import way_of
from .reading import UserTable

# Option of a trial's data: rare classes are drawn as often as frequent ones.
BALANCED = "balanced"


@dataclass(frozen=True)
class Fold:
    """Training, validation and judging rows of one seed.

    classes: 0 where values are learnt. again: of a way to fill gaps, to the rows as
    they are then encoded; None where a table cannot be encoded again.
    """

    seed: int
    data: Encoded
    classes: int
    again: Callable[[str], Encoded] | None = None

    @cached_property
    def _kept(self):
        return {}

    def split(self, trial: Trial) -> Split:
        """The `Split` that a trial is trained on; the judged rows are its test rows.

        Kept for the next trial with the same data.
        """
        about = trial.data.transforms, trial.data.options, trial.data.weighting
        if about not in self._kept:
            if len(self._kept) > 3:
                self._kept.pop(next(iter(self._kept)))
            self._kept[about] = self._split(trial)
        return self._kept[about]

    @cached_property
    def _recoded(self):
        return {}

    def _encoded(self, trial) -> Encoded:
        """The rows, with gaps filled as the trial asks; each way is learnt once."""
        way = way_of(trial)
        if way is None:
            return self.data
        if self.again is None:
            raise ValueError(f"these rows cannot be filled by {way}")
        if way not in self._recoded:
            self._recoded[way] = self.again(way)
        return self._recoded[way]

    def _split(self, trial):
        data = self._encoded(trial)
        x: list[Any] = transform(trial.data.transforms, data.y[0][:, None], *data.x)
        y = [(part - data.centre) / data.spread for part in data.y]
        if self.classes and dict(trial.data.options).get(BALANCED):
            rows = balanced_rows(data.y[0], self.seed)
            x[0], y[0] = x[0][rows], y[0][rows]
        x = [np.ascontiguousarray(_within(part), np.float32) for part in x]
        y = [np.ascontiguousarray(part[:, None], np.float32) for part in y]
        seen = y[0]
        if trial.data.weighting:
            counts = weights(trial.data.weighting, x[0], y[0], x[1])
            y = [np.column_stack([part, np.ones_like(part)]) for part in y]
            seen = np.column_stack([seen, counts.astype(np.float32)])
        return Split(
            x[0],
            y[0],
            x[1],
            y[1],
            x[2],
            y[2],
            x_seen=x[0],
            y_seen=seen,
            outputs=self.classes or 1,
            redrawn=False,
            about="",
        )


def encoded_fold(
    seed: int, table: UserTable, names: list[str], parts: Sequence[np.ndarray]
) -> Fold:
    """The fold of a table's rows: training, validation, judging, int arrays each."""
    again = partial(_again, table, names, parts)
    return Fold(seed, encoded(table, names, *parts), len(table.classes), again)


def _again(table, names, parts, way):
    return encoded(table, names, *parts, way=way)


def _within(x):
    """Numbers that float32 holds."""
    largest = float(np.finfo(np.float32).max)
    return np.clip(x, -largest, largest)


def balanced_rows(y, seed):
    """int[n]: as many rows as there are, each class as often as any other."""
    rng = np.random.default_rng([seed, 3])
    rows = [np.flatnonzero(y == c) for c in np.unique(y)]
    each = _shares(len(y), len(rows))
    drawn = [np.resize(rng.permutation(r), k) for r, k in zip(rows, each, strict=True)]
    return rng.permutation(np.concatenate(drawn))


def _shares(n, parts):
    return np.diff(np.round(np.linspace(0, n, parts + 1)).astype(int))
