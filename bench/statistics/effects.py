"""How much a fix improves on the baseline, seed by seed and with its interval."""

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import ArrayLike

from .intervals import Interval, mean_interval
from .signs import SignTest, sign_interval, sign_test

# The error rate that all fixes of a scenario share.
ALPHA = 0.05
# Two one-sided tests at 5 % are one two-sided interval at 90 %.
EQUIVALENCE_LEVEL = 0.90


@dataclass(frozen=True)
class Effect:
    """What n paired improvements centre on; positive is better.

    value: their mean; where `signs` is given, their median instead, since a mean says
    nothing where a run missed its target. low, high: simultaneous interval at `level`;
    low90, high90: interval of the equivalence test; both of the same centre. sd:
    standard deviation of the improvements, and sd_over_delta in units of the smallest
    effect of interest: None beside a median. All None but n and level where they cannot
    be computed: fewer than two seeds (the mean is then still given). A median is None
    between the two infinities.
    """

    n: int
    value: float | None
    sd: float | None
    low: float | None
    high: float | None
    low90: float | None
    high90: float | None
    level: float
    sd_over_delta: float | None
    signs: SignTest | None = None


def improvements(
    baseline: ArrayLike, fix: ArrayLike, scale: str, better: str
) -> np.ndarray:
    """float[n]: the paired improvement on each seed, positive where the fix is better.

    baseline, fix: float[n], the metric on the same seeds. scale `log`: logarithm of the
    ratio; `linear`: difference. better: `lower` or `higher`.
    A value that is not finite is a run that missed its target or diverged: it is worse
    than every finite value, whatever its sign. Only the baseline's run: +inf; only the
    fix's: -inf; both: 0, since neither is known to be better. Nothing is dropped or
    replaced by the budget. A zero on the log scale is infinitely small; two are equal.
    Raises ValueError on other names, on shapes that differ, and on negative values on
    the log scale.
    """
    if scale not in ("log", "linear"):
        raise ValueError(f"scale must be 'log' or 'linear', not {scale!r}")
    if better not in ("lower", "higher"):
        raise ValueError(f"better must be 'lower' or 'higher', not {better!r}")
    before, after = (np.asarray(v, dtype=float) for v in (baseline, fix))
    if before.ndim != 1 or before.shape != after.shape:
        raise ValueError(
            "baseline and fix must be values of the same seeds, not of shapes"
            f" {before.shape} and {after.shape}"
        )
    costs = [_cost(values, scale, better) for values in (before, after)]
    same = costs[0] == costs[1]
    return np.subtract(*costs, out=np.zeros(before.shape), where=~same)


def _cost(values, scale, better):
    """The values so that less is better and their difference is the improvement."""
    finite = np.isfinite(values)
    if scale == "log":
        if (values[finite] < 0).any():
            raise ValueError("a metric on the log scale cannot be negative")
        with np.errstate(divide="ignore"):
            values = np.log(np.where(finite, values, 1.0))
    return np.where(finite, values if better == "lower" else -values, np.inf)


def paired_effect(
    differences: ArrayLike,
    delta: float,
    comparisons: int,
    looks: int = 1,
    test_over_train: float | None = None,
    censored: bool = False,
) -> Effect:
    """The effect of one fix out of `comparisons`, judged `looks` times at most.

    differences: float[n] of `improvements`; delta: smallest effect of interest.
    Student's t at level 1 - .05 / (comparisons looks): with Bonferroni's inequality all
    intervals of a scenario, at every look, cover together at 95 %. test_over_train:
    n_test / n_train where the seeds are splits of one data set, for both intervals.
    Where a difference is infinite, or runs can miss (`censored`), one miss must not
    decide: the median and the inverted sign test take the place of mean and t (see
    `signs.sign_interval`). They treat runs as independent, so for splits of one data
    set they speak of that data set.
    Raises ValueError on a delta that is not positive, fewer than one comparison or
    look, and NaN. Source: Dunn (1961), Multiple comparisons among means, JASA 56;
    Nadeau & Bengio (2003), Machine Learning 52; Schuirmann (1987), J. Pharmacokinetics
    and Biopharmaceutics 15; Hodges & Lehmann (1963), Annals of Mathematical Statistics
    34.
    """
    d = np.asarray(differences, dtype=float)
    check_delta(delta)
    if comparisons < 1 or looks < 1:
        raise ValueError(
            f"comparisons and looks must be at least 1, not {comparisons} and {looks}"
        )
    if d.ndim != 1 or np.isnan(d).any():
        raise ValueError("differences must be one number per seed, none of them NaN")
    level = 1.0 - ALPHA / (comparisons * looks)
    if d.size < 2 and np.isfinite(d).all():
        value = float(d[0]) if d.size else None
        return Effect(d.size, value, *[None] * 5, level=level, sd_over_delta=None)
    if censored or not np.isfinite(d).all():
        return _counted(d, level)
    wide = mean_interval(d, level, test_over_train)
    narrow = mean_interval(d, EQUIVALENCE_LEVEL, test_over_train)
    return _averaged(d, delta, wide, narrow, level)


def check_delta(delta: float) -> None:
    """Raise ValueError unless the smallest effect of interest is positive."""
    if not delta > 0:
        raise ValueError(f"delta must be positive, not {delta}")


def _averaged(d, delta, wide: Interval, narrow: Interval, level):
    sd = float(np.std(d, ddof=1))
    return Effect(
        n=d.size,
        value=wide.value,
        sd=sd,
        low=wide.low,
        high=wide.high,
        low90=narrow.low,
        high90=narrow.high,
        level=level,
        sd_over_delta=sd / delta,
    )


def _counted(d, level):
    wide, narrow = sign_interval(d, level), sign_interval(d, EQUIVALENCE_LEVEL)
    return Effect(
        n=d.size,
        value=None if isnan(wide.value) else wide.value,
        sd=None,
        low=wide.low,
        high=wide.high,
        low90=narrow.low,
        high90=narrow.high,
        level=level,
        sd_over_delta=None,
        signs=sign_test(d),
    )
