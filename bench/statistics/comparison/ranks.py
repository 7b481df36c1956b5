"""Ranks of optimizers, and the intervals that their seeds leave open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .bootstrap import RESAMPLES, Statistic, bootstrap, percentile_bounds


@dataclass(frozen=True)
class Rank:
    """Place of an optimizer, 1 the best; equal scores share the places first to last.

    low, high: interval of the place, over resamples of the seeds.
    """

    first: int
    last: int
    low: int
    high: int


def places(scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """int[..., m] twice: the first and the last place of each score, 1 the highest.

    first = 1 + (how many are higher), last = m - (how many are lower); the two are
    equal where no other score is.
    """
    numbers = np.asarray(scores, dtype=float)
    if np.isnan(numbers).any():
        raise ValueError("scores must not be NaN")
    ours, others = numbers[..., :, None], numbers[..., None, :]
    first = 1 + (others > ours).sum(axis=-1)
    last = numbers.shape[-1] - (others < ours).sum(axis=-1)
    return first, last


def rank_intervals(
    values: np.ndarray,
    statistic: Statistic,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> list[Rank]:
    """Rank optimizers by a statistic of float[m, p, s], more is better.

    statistic: e.g. `profile_scores` of costs, `interquartile_mean` of scores. The
    interval holds the places of a share `level` of the resamples, seeds drawn within
    each problem: from the lower percentile of the first places to the upper one of the
    last places, so that two optimizers that are one under two names have the same. It
    is pointwise, and speaks of these problems and no others (see `stability`). One seed
    leaves every place open.
    Source: Goldstein & Spiegelhalter (1996), League tables and their limitations, J. R.
    Statistical Society A 159; Hall & Miller (2009), Using the bootstrap to quantify the
    authority of an empirical ranking, Annals of Statistics 37: such intervals are
    honest for optimizers that differ, and too narrow for many that are equal.
    """
    first, last = places(statistic(values))
    if values.shape[-1] < 2:
        low, high = np.ones_like(first), np.full_like(last, len(last))
    else:
        drawn = places(bootstrap(values, statistic, resamples, seed))
        low = percentile_bounds(drawn[0], level)[0]
        high = percentile_bounds(drawn[1], level)[1]
    rows = np.stack([first, last, low, high], axis=1).tolist()
    return [Rank(*row) for row in rows]
