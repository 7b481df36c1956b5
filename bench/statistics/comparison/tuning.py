"""What tuning buys: the best of k trials, and how far the defaults are from it."""

from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from ..effects import improvements
from ..intervals import Interval, interval
from .bootstrap import RESAMPLES, percentile_bounds
from .costs import checked_costs


@dataclass(frozen=True, eq=False)
class TuningCurve:
    """The best of k of n independent trials, k = 1 to n; all float[n], less is better.

    expected: its mean, infinite if k trials may all miss. low, high: pointwise
    bootstrap band of it. median: finite once k trials are more likely than not to hold
    a hit; median_low, median_high: exact pointwise bounds. reach: the probability that
    k trials hold a hit.
    """

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    median: np.ndarray
    median_low: np.ndarray
    median_high: np.ndarray
    reach: np.ndarray


def tuning_curve(
    values: ArrayLike, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> TuningCurve:
    """Tunability from float[n], the validation losses (or costs) of a random search.

    A trial that missed or diverged is infinite. The trials must be independent draws
    from one prior: not a grid, nor a search that learns. The band of the mean draws the
    trials again; for k above n/4 all hangs on the few best of them and it is too
    narrow: instead of 95 % it covers 93 % at k = n/5, 80 % at n/2, 60 % at n
    (simulated, n = 50). The bounds of the median hold for any k and any distribution.
    Source: Dodge et al. (2019), Show your work, EMNLP (expected best of k trials); Tang
    et al. (2020), Showing your work doesn't always work, ACL (without its bias, and the
    warning about the bootstrap); Lourie, Cho & He (2024), Show your work with
    confidence, NAACL (the median instead).
    """
    trials = np.sort(checked_costs(values, "n"))
    n = trials.size
    drawn = np.random.default_rng(seed).integers(0, n, (resamples, n))
    low, high = percentile_bounds(expected_best(trials[drawn]), level)
    chance = np.minimum(np.cumsum(best_of_k_weights(n), axis=1), 1.0)
    hits = int(np.isfinite(trials).sum())
    # The first trial in order that the best of k is as likely as not to reach.
    middle = np.argmax(chance >= 0.5 - 1e-12, axis=1)
    below, above = _median_bounds(trials, level)
    return TuningCurve(
        expected=expected_best(trials),
        low=low if n > 1 else np.full(1, -np.inf),
        high=high if n > 1 else np.full(1, np.inf),
        median=trials[middle],
        median_low=below,
        median_high=above,
        reach=chance[:, hits - 1] if hits else np.zeros(n),
    )


def expected_best(values: np.ndarray) -> np.ndarray:
    """float[..., n]: mean of the least of k out of float[..., n] trials, k = 1 to n.

    sum_i v_(i) C(n - i, k - 1) / C(n, k), v_(1) <= v_(2) <= ...: the U-statistic, the
    mean over all subsets of k trials, unbiased for the best of k new ones. Infinite
    where a subset of k misses only. Source: Tang et al. (2020), with the order turned
    since less is better here.
    """
    ordered = np.sort(values, axis=-1)
    n = ordered.shape[-1]
    missed = np.isinf(ordered)
    means = np.where(missed, 0.0, ordered) @ best_of_k_weights(n).T
    hopeless = missed.sum(axis=-1, keepdims=True) >= np.arange(1, n + 1)
    return np.where(hopeless, np.inf, means)


@lru_cache(maxsize=8)
def best_of_k_weights(n: int) -> np.ndarray:
    """float[n, n], row k - 1: probability that the i-th of n is the best of k.

    C(n - i, k - 1) / C(n, k), from k/n on by the ratio of neighbours, since the
    binomials themselves overflow.
    """
    k = np.arange(1, n + 1)[:, None]
    i = np.arange(1, n)
    # Beyond i = n - k + 1 nothing is left to be worse: the ratio is 0 and stays so.
    ratios = np.maximum(n - i - k + 1, 0) / (n - i)
    weights = np.cumprod(np.hstack([k / n, ratios]), axis=1)
    weights.flags.writeable = False  # one array serves all callers
    return weights


def _median_bounds(trials, level):
    """Exact bounds of the median of the best of k, from sorted float[n], all k.

    It is the quantile q = 1 - 2^(-1/k) of one trial, and how many of n trials lie below
    that is binomial (n, q): of the order statistics x_(l), x_(u) with P(B < l) and
    P(B >= u) at most (1 - level)/2 the nearest, infinite where there is none.
    """
    n, tail = trials.size, (1 - level) / 2
    q = 1 - 0.5 ** (1 / np.arange(1, n + 1))
    # fewer[k, j] = P(B <= j).
    fewer = bdtr(np.arange(n), n, q[:, None])
    padded = np.concatenate([[-np.inf], trials, [np.inf]])
    return padded[(fewer <= tail).sum(axis=1)], padded[
        1 + (1 - fewer > tail).sum(axis=1)
    ]


def default_gap(default: ArrayLike, tuned: ArrayLike) -> Interval:
    """How many times the tuned value the default's is, 1 if tuning gains nothing.

    default, tuned: float[s], positive losses or costs on the same fresh seeds, less is
    better, misses infinite; not the values of the search, whose best is flattered by
    having been chosen. The geometric mean of the ratios with Student's interval of
    their logarithms; the median where some are infinite.
    """
    ours, theirs = (checked_costs(v, "s", positive=True) for v in (default, tuned))
    gap = interval(improvements(ours, theirs, "log", "lower"))
    return Interval(*(_exp(bound) for bound in gap))


def _exp(x):
    return exp(x) if x < 700 else np.inf
