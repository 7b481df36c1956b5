"""Many tests at once: Holm's correction."""

import numpy as np
from numpy.typing import ArrayLike


def holm(p: ArrayLike) -> np.ndarray:
    """float[k]: adjusted p of k tests; rejecting at .05 errs anywhere in 5 % at most.

    The i-th smallest p is multiplied by k - i + 1, made no smaller than those before
    it, and cut off at 1. Holds whatever the dependence between the tests.
    Source: Holm (1979), A simple sequentially rejective multiple test procedure,
    Scandinavian Journal of Statistics 6.
    """
    values = np.asarray(p, dtype=float)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p must be a list of numbers between 0 and 1")
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
