"""The exact test of paired differences: had the signs fallen otherwise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from ..effects import improvements
from .costs import checked_costs
from .holm import holm

# 2^20 sums of differences; beyond, and where some are infinite, ranks are summed.
MOST_PAIRS = 20
# Sums that differ by less, in units of the sum of all magnitudes, are equal.
ROUNDING = 1e-12


def sign_flip_test(differences: ArrayLike) -> float:
    """Two-sided exact p of float[n] paired differences, symmetric about 0 if null.

    If two optimizers do not differ, each difference might as well have the other sign:
    p is the share of all 2^n choices of signs whose sum is at least as far from 0 as
    the observed one. It cannot be below 2/2^n. The sum is that of the differences where
    all are finite and n <= 20; otherwise that of the signed mid-ranks of their
    magnitudes, in which an infinite one is merely the largest (Wilcoxon's test, ties
    and zeros kept: a zero has a rank and no sign, Pratt 1959). Which of the two is
    summed depends on magnitudes only, so the level stays exact.
    Raises ValueError on NaN and on no difference at all.
    Source: Fisher (1935), The design of experiments, sec. 21; Wilcoxon (1945).
    """
    d = np.asarray(differences, dtype=float)
    if d.ndim != 1 or d.size == 0 or np.isnan(d).any():
        raise ValueError("differences must be one number per pair, none of them NaN")
    if d.size > MOST_PAIRS or not np.isfinite(d).all():
        return _by_ranks(d)
    return _by_enumeration(d)


@dataclass(frozen=True, eq=False)
class PairedTests:
    """Sign-flip tests of all pairs of optimizers on float[m, n] paired costs.

    p, adjusted: float[m, m], symmetric, 1 on the diagonal; adjusted is Holm's over the
    m (m - 1)/2 pairs. smallest: the least adjusted p that any pair could have had; if
    it is above .05 no evidence could have sufficed.
    """

    p: np.ndarray
    adjusted: np.ndarray
    smallest: float


def paired_tests(costs: ArrayLike) -> PairedTests:
    """Test every pair of optimizers on log cost ratios, paired by problem and seed.

    costs: float[m, n], positive, misses infinite: the n runs of an optimizer, or its
    typical cost on n problems. Hit against miss is an infinite difference, two misses
    are none.
    """
    numbers = checked_costs(costs, "mn", positive=True)
    optimizers, runs = numbers.shape
    pairs = list(zip(*np.triu_indices(optimizers, 1), strict=True))
    found = [
        sign_flip_test(improvements(numbers[i], numbers[j], "log", "lower"))
        for i, j in pairs
    ]
    smallest = min(1.0, len(pairs) * 2.0 ** (1 - runs)) if pairs else 1.0
    p, adjusted = (_square(v, pairs, optimizers) for v in (found, holm(found)))
    return PairedTests(p, adjusted, smallest)


def _square(values, pairs, optimizers):
    square = np.ones((optimizers, optimizers))
    for (i, j), value in zip(pairs, values, strict=True):
        square[i, j] = square[j, i] = value
    return square


def _by_enumeration(d):
    """Half of all sums: flipping every sign changes no distance from 0."""
    sums = d[:1].copy()
    for step in d[1:]:
        sums = np.concatenate([sums + step, sums - step])
    reach = abs(d.sum()) - ROUNDING * np.abs(d).sum()
    return float(np.mean(np.abs(sums) >= reach))


def _by_ranks(d):
    """Counts of all sums of signed ranks, by adding one pair after the other.

    Twice the mid-ranks are whole numbers; counts are kept as shares, which halve.
    """
    ranks = np.rint(2 * rankdata(np.abs(d))).astype(int)
    signs = np.sign(d).astype(int)
    ranks = np.where(signs == 0, 0, ranks)
    most = int(ranks.sum())
    # shares[k]: share of sign choices whose positive ranks add up to k.
    shares = np.zeros(most + 1)
    shares[0] = 1.0
    for rank in ranks[ranks > 0]:
        shares[rank:] = 0.5 * (shares[rank:] + shares[: most + 1 - rank])
        shares[:rank] *= 0.5
    sums = 2 * np.arange(most + 1) - most
    return min(1.0, float(shares[np.abs(sums) >= abs(int(signs @ ranks))].sum()))
