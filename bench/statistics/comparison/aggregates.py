"""One number for an optimizer over all problems: the interquartile mean of scores."""

import numpy as np
from numpy.typing import ArrayLike

from ..intervals import Interval
from .bootstrap import RESAMPLES, bootstrap_intervals


def interquartile_mean(scores: np.ndarray) -> np.ndarray:
    """float[...]: mean of the middle half of all runs, float[..., p, s] or more axes.

    The floor(n/4) lowest and highest of the n = p s runs are left out, as rliable and
    scipy.stats.trim_mean do: less at the mercy of one run than a mean, less wasteful
    than a median. Scores lie on one scale (see `scores`): costs of different problems
    do not. Source: Agarwal et al. (2021), Deep reinforcement learning at the edge of
    the statistical precipice, NeurIPS, sec. 4.3.
    """
    runs = np.sort(scores.reshape(*scores.shape[:-2], -1), axis=-1)
    cut = runs.shape[-1] // 4
    return runs[..., cut : runs.shape[-1] - cut].mean(axis=-1)


def interquartile_means(
    scores: ArrayLike, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> list[Interval]:
    """Interquartile mean of each optimizer with its stratified bootstrap interval.

    scores: float[m, p, s], finite. A miss has the lowest score, not an infinite one:
    raises ValueError on numbers that are not finite.
    """
    numbers = np.asarray(scores, dtype=float)
    if numbers.ndim != 3 or numbers.size == 0 or not np.isfinite(numbers).all():
        raise ValueError(
            "scores must be finite numbers on the axes [m, p, s], not of shape"
            f" {numbers.shape}; a run that missed has the score 0"
        )
    return bootstrap_intervals(numbers, interquartile_mean, level, resamples, seed)
