"""A whole data set before it is split, and what is refused in one."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np


class DataError(ValueError):
    """Data that cannot be trained on; the message is one sentence for the user."""


@dataclass(frozen=True)
class Table:
    """Rows of numbers with their answers.

    x: float64[rows, features]. y: float64[rows, 1] class indices, or
    float64[rows, outputs] targets. classes: how many, 0 for regression.
    about: one plain sentence. columns: the features' names, where they have any.
    """

    x: np.ndarray
    y: np.ndarray
    classes: int
    about: str
    columns: tuple[str, ...] = ()

    def __post_init__(self):
        names = self.columns or tuple(f"{i}" for i in range(self.x.shape[1]))
        refuse_non_finite(self.x, names)
        refuse_non_finite(self.y, ("of the target",) * self.y.shape[1])


def refuse_non_finite(values, names):
    """Raise DataError naming the first column with NaN or inf. values: float[r, c]."""
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    column = int(bad.any(axis=0).argmax())
    count = int(bad[:, column].sum())
    raise DataError(
        f"column {names[column]} holds NaN or infinite values in {count}"
        f" {'row' if count == 1 else 'rows'}: remove or fill them first"
    )


def nearest(kind, name, known):
    """One sentence that says `name` is unknown and which known name is closest."""
    close = get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"there is no {kind} {name!r}; {hint}"
