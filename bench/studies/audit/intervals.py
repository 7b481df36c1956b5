"""Intervals by scipy: Student's, corrected for splits of one data set; the sign test's.

Sources: Nadeau & Bengio (2003), Machine Learning 52; Thompson (1936), Annals of
Mathematical Statistics 7; Wilson (1927), JASA 22.
"""

import numpy as np
from scipy import stats


def student(values, level, overlap=None):
    """(mean, low, high) of float[n]; overlap: n_test / n_train, None if redrawn."""
    n = len(values)
    if n < 2:
        return float(np.mean(values)), -np.inf, np.inf
    error = np.std(values, ddof=1) * np.sqrt(1 / n + (overlap or 0.0))
    if error == 0:
        return (float(np.mean(values)),) * 3
    low, high = stats.t.interval(level, n - 1, loc=np.mean(values), scale=error)
    return float(np.mean(values)), float(low), float(high)


def sign(values, level):
    """(median, low, high) of float[n] that may be infinite.

    The bounds are the outermost values that the exact two-sided sign test does not
    reject at 1 - level.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    below, above = ordered[(n - 1) // 2], ordered[n // 2]
    middle = below if below == above else (below + above) / 2
    depth = sum(
        stats.binomtest(k, n, alternative="less").pvalue * 2 <= 1 - level
        for k in range(n // 2)
    )
    ends = (ordered[depth - 1], ordered[n - depth]) if depth else (-np.inf, np.inf)
    return float(middle), *map(float, ends)


def centre(values, overlap=None):
    """95 % interval over seeds: the mean, or the median where one is infinite."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size:
        return np.nan, -np.inf, np.inf
    if np.isfinite(known).all():
        return student(known, 0.95, overlap)
    if known.size > 1 and (known == known[0]).all():
        return (float(known[0]),) * 3
    return sign(known, 0.95)


def share(happened):
    """(share, low, high) of bool[n] by Wilson's score."""
    n = len(happened)
    if not n:
        return np.nan, 0.0, 1.0
    found = stats.binomtest(int(np.sum(happened)), n).proportion_ci(method="wilson")
    return float(np.mean(happened)), float(found.low), float(found.high)
