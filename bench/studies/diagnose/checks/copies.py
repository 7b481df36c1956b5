"""How many rows are copies of others, and whether that can be chance."""

from typing import Any

import numpy as np

# Copies count where there are this many times as many as columns without relation have.
_BEYOND = 10.0


def row_numbers(look, target: bool = False) -> np.ndarray:
    """int[n]: equal for rows whose features, and target if asked, are equal."""
    import pandas as pd
    from pandas.util import hash_pandas_object

    frame = pd.DataFrame({n: look.table.columns[n].codes for n in look.names})
    if target:
        frame.insert(0, "", look.table.y, allow_duplicates=True)
    hashed: Any = hash_pandas_object
    hashes = hashed(frame, index=False).to_numpy()
    return np.unique(hashes, return_inverse=True)[1]


def beyond_chance(look, numbers: np.ndarray) -> bool:
    """Are there more pairs of equal rows than columns of few values bring about?

    Expected: pairs times the product over columns of the chance that two values agree.
    """
    n = len(numbers)
    counts = np.bincount(numbers).astype(float)
    pairs = float((counts * (counts - 1)).sum() / 2)
    log_chance = sum(_log_agreement(c.codes) for c in look.columns)
    expected = n * (n - 1) / 2 * np.exp(log_chance)
    return pairs > _BEYOND * expected


def _log_agreement(codes):
    _, counts = np.unique(codes, return_counts=True)
    share = counts / len(codes)
    return float(np.log((share**2).sum()))
