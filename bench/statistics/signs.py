"""The exact sign test: what counting pairs can say where a mean does not exist."""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr


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


def sign_test(differences: np.ndarray) -> SignTest:
    """Count the signs of float[n], which may be infinite.

    Under no effect a pair that differs is as likely to improve as to worsen, so the
    smaller count is binomial (k, 1/2) over the k pairs that differ and
    p = 2 P(B <= smaller), at most 1. Pairs without a difference are left out of p.
    Source: Dixon & Mood (1946), The statistical sign test, JASA 41.
    """
    improved, worsened = int(np.sum(differences > 0)), int(np.sum(differences < 0))
    differing = improved + worsened
    tail = float(bdtr(min(improved, worsened), differing, 0.5)) if differing else 1.0
    ordered = np.sort(differences).tolist()
    return SignTest(
        improved=improved,
        worsened=worsened,
        unchanged=len(ordered) - differing,
        p=min(1.0, 2.0 * tail),
        median_low=ordered[(len(ordered) - 1) // 2],
        median_high=ordered[len(ordered) // 2],
    )
