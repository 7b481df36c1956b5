"""Confidence intervals of a mean, a median and a share, each from few runs."""

from functools import lru_cache
from math import inf, isfinite, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtri, stdtrit


class Interval(NamedTuple):
    """An estimate and its two-sided bounds; infinite where nothing bounds it."""

    value: float
    low: float
    high: float


def standard_error(values: np.ndarray, test_over_train: float | None = None) -> float:
    """Standard error of the mean of float[n], n > 1.

    s / sqrt(n) for independent draws; s sqrt(1/n + n_test/n_train) where the n values
    come from random splits of one data set, whose training sets overlap.
    test_over_train: n_test / n_train of a split, None for independent draws.
    Source: Nadeau & Bengio (2003), Inference for the generalization error, Machine
    Learning 52 (the corrected resampled t-test).
    """
    if test_over_train is not None and not 0 <= test_over_train < inf:
        raise ValueError(
            f"test_over_train must be a share of zero or more, not {test_over_train}"
        )
    overlap = test_over_train or 0.0
    return float(np.std(values, ddof=1)) * sqrt(1 / len(values) + overlap)


@lru_cache(maxsize=256)
def t_quantile(level: float, degrees: int) -> float:
    """Half-width of a two-sided Student interval in standard errors.

    Source: Student (1908), The probable error of a mean, Biometrika 6.
    """
    return float(stdtrit(degrees, (1 + level) / 2))


def mean_interval(
    values: np.ndarray, level: float = 0.95, test_over_train: float | None = None
) -> Interval:
    """Student's t interval of the mean of finite float[n]; unbounded for n = 1.

    Equal values give an interval of no width. Source: see `standard_error`.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, -inf, inf)
    half = t_quantile(level, len(values) - 1) * standard_error(values, test_over_train)
    return Interval(mean, mean - half, mean + half)


def median_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Distribution-free interval of the median of float[n]; infinities are welcome.

    The bounds are the order statistics x_(k) and x_(n+1-k) with the largest k that has
    2 P(B < k) <= 1 - level, B binomial (n, 1/2). Fewer than 6 values cannot bound a
    median at 95 %, unless several are all equal: the interval then has no width, as
    that of a mean.
    Source: Thompson (1936), On confidence ranges for the median, Annals of Mathematical
    Statistics 7.
    """
    ordered = np.sort(np.asarray(values, dtype=float)).tolist()
    median = middle(ordered)
    if len(ordered) > 1 and ordered[0] == ordered[-1]:
        return Interval(median, median, median)
    return Interval(median, *sign_bounds(ordered, level))


def middle(ordered: list[float]) -> float:
    """The median of sorted numbers, at least one; NaN between the two infinities."""
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return below if below == above else (below + above) / 2


def sign_bounds(ordered: list[float], level: float) -> tuple[float, float]:
    """(x_(k), x_(n+1-k)) of sorted numbers with the largest k the sign test allows.

    2 P(B < k) <= 1 - level, B binomial (n, 1/2); infinite where no k > 0 has it.
    Source: Thompson (1936), On confidence ranges for the median, Annals of Mathematical
    Statistics 7.
    """
    n = len(ordered)
    depth = int(np.sum(2 * bdtr(np.arange(n // 2), n, 0.5) <= 1 - level))
    return (ordered[depth - 1], ordered[n - depth]) if depth else (-inf, inf)


def interval(values: ArrayLike, test_over_train: float | None = None) -> Interval:
    """95 % interval of what float[n] centre on, NaN (not measured) left out.

    The mean where all are finite; the median where some are infinite, since a mean then
    says nothing. Nothing measured gives NaN without bounds.
    """
    numbers = np.atleast_1d(np.asarray(values, dtype=float))
    numbers = numbers[~np.isnan(numbers)]
    if numbers.size == 0:
        return Interval(nan, -inf, inf)
    if np.isfinite(numbers).all():
        return mean_interval(numbers, test_over_train=test_over_train)
    return median_interval(numbers)


def wilson_interval(successes: int, n: int, level: float = 0.95) -> Interval:
    """Score interval of a share; no run at all bounds it by 0 and 1.

    centre and half-width, z the normal quantile and p the share:
    (p + z^2/2n +- z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n).
    Source: Wilson (1927), Probable inference, the law of succession, and statistical
    inference, JASA 22.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"successes must be between 0 and {n}, not {successes}")
    if n == 0:
        return Interval(nan, 0.0, 1.0)
    z, p = float(ndtri((1 + level) / 2)), successes / n
    centre, stretch = p + z * z / (2 * n), 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At the ends the formula gives 0 and 1 up to rounding.
    low = 0.0 if successes == 0 else (centre - half) / stretch
    high = 1.0 if successes == n else (centre + half) / stretch
    return Interval(p, low, high)


def finite_or_none(number: float | None) -> float | None:
    """The number, or None where it is missing, NaN or infinite (JSON has neither)."""
    return number if number is not None and isfinite(number) else None
