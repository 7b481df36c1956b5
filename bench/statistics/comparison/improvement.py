"""The probability that a run of one optimizer beats a run of another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .bootstrap import RESAMPLES, percentile_bounds, resampled_seeds
from .costs import checked_costs

# What `better` asks for: three wins in four, and an interval above a coin's.
CLEAR, CHANCE = 0.75, 0.5
# If nothing is different, five pairs of runs agree with probability 2/2^5 > .05.
FEWEST_PAIRS = 6
# Resamples multiplied at once, so that memory does not grow with their number.
BLOCK = 250


@dataclass(frozen=True, eq=False)
class Improvement:
    """P(i beats j) of every pair, averaged over the problems, with its interval.

    value, low, high: float[m, m], row i, column j; value[i, j] + value[j, i] = 1.
    pairs: runs of one optimizer; fewer than `FEWEST_PAIRS`, or one seed a problem,
    bound nothing and the interval is [0, 1].
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    pairs: int


def win_rates(costs: ArrayLike) -> np.ndarray:
    """float[m, m, p]: P(X_i < X_j) + P(X_i = X_j)/2 on each problem.

    costs: float[m, p, s], less is better, misses infinite: they lose against every hit
    and tie with one another. Every run of i meets every run of j, so that this is the
    Mann-Whitney statistic over s^2, and any increasing transform of a problem's costs
    leaves it alone. Source: Agarwal et al. (2021), Deep reinforcement learning at the
    edge of the statistical precipice, NeurIPS, sec. 4.3; Mann & Whitney (1947).
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

    costs: float[m, p, s]. A resample that draws the seeds c times each has the mean
    c' W c / s^2, W the wins of all pairs of runs: one matrix product for all resamples
    and all optimizers. Source: Agarwal et al. (2021), sec. 4.1 and 4.3; seeds are drawn
    jointly for both optimizers, see `resampled_seeds`.
    """
    numbers = checked_costs(costs, "mps")
    optimizers, problems, seeds = numbers.shape
    value = _square(_mean_wins(numbers), optimizers)
    if seeds < 2 or problems * seeds < FEWEST_PAIRS:
        low, high = np.zeros_like(value), np.ones_like(value)
        return Improvement(value, low, high, problems * seeds)
    low, high = percentile_bounds(_resampled_wins(numbers, resamples, seed), level)
    return Improvement(
        value,
        _square(low, optimizers, mirrored=high),
        _square(high, optimizers, mirrored=low),
        problems * seeds,
    )


def better(found: Improvement) -> np.ndarray:
    """bool[m, m]: is i better than j? P(i beats j) >= .75 and its interval above .5.

    Both cannot hold for a pair at once. The relation is not transitive: over four
    problems, four optimizers can be better than one another in a circle (three cannot:
    no circle of three has more than 2/3 everywhere). `ties` deals with that.
    Source for the two thresholds: Bouthillier et al. (2021), Accounting for variance in
    machine learning benchmarks, MLSys (gamma = 0.75).
    """
    return (found.value >= CLEAR) & (found.low > CHANCE)


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
    drawn = resampled_seeds(problems, seeds, resamples, seed)
    counts = (drawn[..., None] == np.arange(seeds)).sum(axis=-2, dtype=np.float32)
    blocks = []
    for start in range(0, resamples, BLOCK):
        c = counts[start : start + BLOCK]
        both = (c[..., :, None] * c[..., None, :]).reshape(len(c), -1)
        blocks.append(both @ wins)
    return np.concatenate(blocks).astype(float) / (2 * problems * seeds**2)


def _square(upper, optimizers, mirrored=None):
    """float[m, m] of the pairs i < j; below the diagonal what is missing to 1."""
    square = np.full((optimizers, optimizers), 0.5)
    rows, columns = np.triu_indices(optimizers, 1)
    square[rows, columns] = upper
    square[columns, rows] = 1.0 - (upper if mirrored is None else mirrored)
    return square
