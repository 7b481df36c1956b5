"""What counting pairs can say where a mean does not exist: test, median, interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from .intervals import Interval, middle, sign_bounds


@dataclass(frozen=True)
class SignTest:
    """How many pairs improved, worsened or stayed, and how likely chance does that.

    p: two-sided and exact. median_low, median_high: lower and upper median of all
    pairs, possibly infinite; the two differ for an even number of pairs.
    """

    improved: int
    worsened: int
    unchanged: int
    p: float
    median_low: float
    median_high: float


def sign_test(differences: ArrayLike) -> SignTest:
    """Count the signs of float[n], n > 0, which may be infinite.

    Under no effect a pair that differs is as likely to improve as to worsen, so the
    smaller count is binomial (k, 1/2) over the k pairs that differ and
    p = 2 P(B <= smaller), at most 1. Pairs without a difference are left out of p.
    Source: Dixon & Mood (1946), The statistical sign test, JASA 41.
    """
    d = np.asarray(differences, dtype=float)
    improved, worsened = int(np.sum(d > 0)), int(np.sum(d < 0))
    differing = improved + worsened
    tail = float(bdtr(min(improved, worsened), differing, 0.5)) if differing else 1.0
    ordered = np.sort(d).tolist()
    return SignTest(
        improved=improved,
        worsened=worsened,
        unchanged=len(ordered) - differing,
        p=min(1.0, 2.0 * tail),
        median_low=ordered[(len(ordered) - 1) // 2],
        median_high=ordered[len(ordered) // 2],
    )


def sign_interval(differences: ArrayLike, level: float) -> Interval:
    """The Hodges-Lehmann estimate of the sign test, and the test turned into bounds.

    differences: float[n], n > 0, possibly infinite. The estimate is the shift that
    leaves as many pairs above as below: their median, finite while fewer than half are
    infinite, and NaN where the two middle pairs are infinite and opposite. The bounds
    are the shifts that the exact two-sided test at 1 - level does not reject; infinite
    where n is too small for it to reject any. So the estimate always lies within them,
    as the median of the averages of pairs, which belongs to the signed-rank test, need
    not. Runs are treated as independent.
    Source: Hodges & Lehmann (1963), Estimates of location based on rank tests, Annals
    of Mathematical Statistics 34, section 2; Thompson (1936), ibid. 7.
    """
    ordered = np.sort(np.asarray(differences, dtype=float)).tolist()
    return Interval(middle(ordered), *sign_bounds(ordered, level))
