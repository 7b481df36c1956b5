"""The probability that a run of one optimizer beats a run of another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from .bootstrap import RESAMPLES, percentile_bounds, resampled_seeds
from .costs import checked_costs

# What `better` asks for: three wins in four, and an interval above a coin's.
CLEAR, CHANCE = 0.75, 0.5
# How often a study in which nothing differs may find something better.
ALPHA = 0.05
# Resamples multiplied at once, so that memory does not grow with their number.
BLOCK = 250


@dataclass(frozen=True, eq=False)
class Improvement:
    """P(i beats j) of every pair, averaged over the problems, with its interval.

    value, low, high: float[m, m], row i, column j; value[i, j] + value[j, i] = 1. With
    one seed a problem nothing is bounded and the interval is [0, 1]. needed: the value
    that `better` asks for, .75 or what `beyond_chance` demands if that is more.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    needed: float


def win_rates(costs: ArrayLike) -> np.ndarray:
    """float[m, m, p]: P(X_i < X_j) + P(X_i = X_j)/2 on each problem.

    costs: float[m, p, s], less is better, misses infinite: they lose against every hit
    and tie with one another. Every run of i meets every run of j, on the same seed or
    another, so that this is the Mann-Whitney statistic over s^2, and any increasing
    transform of a problem's costs leaves it alone.
    Source: Agarwal et al. (2021), Deep reinforcement learning at the edge of the
    statistical precipice, NeurIPS, sec. 4.3; Mann & Whitney (1947).
    """
    numbers = checked_costs(costs, "mps")
    optimizers, problems, seeds = numbers.shape
    first, second = np.divmod(np.arange(optimizers**2), optimizers)
    wins = _double_wins(numbers, first, second).reshape(len(first), problems, -1)
    rates = wins.sum(axis=-1, dtype=float) / (2 * seeds**2)
    return rates.reshape(optimizers, optimizers, problems)


def improvement(
    costs: ArrayLike, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> Improvement:
    """The mean of `win_rates` over the problems, with stratified bootstrap intervals.

    costs: float[m, p, s]. A resample that draws the seeds of i and j c and d times each
    has the mean c' W d / s^2, W the wins of all pairs of runs: one matrix product for
    all resamples and all optimizers. The seeds of i and j are drawn independently, as
    published: where runs on one seed have luck in common, intervals are too wide.
    Source: Agarwal et al. (2021), sec. 4.1 and 4.3.
    """
    numbers = checked_costs(costs, "mps")
    optimizers, _, seeds = numbers.shape
    value = _square(_mean_wins(numbers), optimizers)
    needed = max(CLEAR, beyond_chance(*numbers.shape))
    if seeds < 2:
        return Improvement(value, np.zeros_like(value), np.ones_like(value), needed)
    low, high = percentile_bounds(_resampled_wins(numbers, resamples, seed), level)
    return Improvement(
        value,
        _square(low, optimizers, mirrored=high),
        _square(high, optimizers, mirrored=low),
        needed,
    )


def beyond_chance(optimizers: int, problems: int, seeds: int) -> float:
    """What P(i beats j) exceeds in any pair of equal optimizers in 5 % of studies.

    1/2 + z sd + 1/(2 p s^2), with sd^2 = (2 s + 1)/(12 s^2 p), the variance of the
    Mann-Whitney statistic of p problems if nothing differs, z the normal quantile for
    .05 shared by m (m - 1) directions (Bonferroni), and a continuity correction. Ties
    and luck in common make the variance smaller, never larger. For 35 optimizers on 12
    problems with 10 seeds it is .65 and demands nothing new; on 3 problems with 5
    seeds .75 is chance, and it is .94. Above 1: the study is too small for any claim.
    Source: van Elteren (1960), On the combination of independent two sample tests of
    Wilcoxon, Bulletin of the International Statistical Institute 37.
    """
    directions = max(optimizers * (optimizers - 1), 2)
    z = -float(ndtri(ALPHA / directions))
    sd = np.sqrt((2 * seeds + 1) / (12 * seeds**2 * problems))
    return CHANCE + z * float(sd) + 1 / (2 * problems * seeds**2)


def better(found: Improvement) -> np.ndarray:
    """bool[m, m]: is i better than j? P(i beats j) >= .75 and its interval above .5.

    In a small study chance alone gives some pair a value of .75: the value must then
    be what `beyond_chance` says. No two can be better than one another, but the
    relation is not transitive: over four problems, four optimizers can be better than
    one another in a circle (three cannot: not all of a circle of three exceed 2/3).
    `ties` deals with that. Source for three in four: Bouthillier et al. (2021),
    Accounting for variance in machine learning benchmarks, MLSys.
    """
    return (found.value >= found.needed) & (found.low > CHANCE)


def _double_wins(costs, first, second):
    """float32[k, p s s]: 2 where the run of `first` beats that of `second`, 1 if equal.

    Whole numbers, so that all sums are exact, ties at the thresholds included.
    """
    ours, theirs = costs[first][..., :, None], costs[second][..., None, :]
    wins = (ours < theirs).astype(np.float32)
    wins += ours <= theirs
    return wins.reshape(len(first), -1)


def _mean_wins(costs):
    """float[m (m - 1)/2]: mean win rate of each pair i < j."""
    optimizers, problems, seeds = costs.shape
    wins = _double_wins(costs, *np.triu_indices(optimizers, 1))
    return wins.sum(axis=-1, dtype=float) / (2 * problems * seeds**2)


def _resampled_wins(costs, resamples, seed):
    """float[r, m (m - 1)/2]: the mean win rate of each pair on each resample."""
    optimizers, problems, seeds = costs.shape
    wins = _double_wins(costs, *np.triu_indices(optimizers, 1)).T
    drawn = resampled_seeds(problems, seeds, 2 * resamples, seed)
    counts = (drawn[..., None] == np.arange(seeds)).sum(axis=-2, dtype=np.float32)
    blocks = []
    for start in range(0, resamples, BLOCK):
        stop = min(start + BLOCK, resamples)
        c, d = counts[start:stop], counts[resamples + start : resamples + stop]
        both = (c[..., :, None] * d[..., None, :]).reshape(stop - start, -1)
        blocks.append(both @ wins)
    return np.concatenate(blocks).astype(float) / (2 * problems * seeds**2)


def _square(upper, optimizers, mirrored=None):
    """float[m, m] of the pairs i < j; below the diagonal what is missing to 1."""
    square = np.full((optimizers, optimizers), 0.5)
    rows, columns = np.triu_indices(optimizers, 1)
    square[rows, columns] = upper
    square[columns, rows] = 1.0 - (upper if mirrored is None else mirrored)
    return square
