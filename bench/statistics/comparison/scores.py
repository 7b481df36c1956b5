"""Costs and losses of different problems on one scale from 0 to 1."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from .costs import checked_costs


def time_scores(costs: ArrayLike, budgets: ArrayLike) -> np.ndarray:
    """float[m, p, s] in [0, 1]: the share of the budget left at the target.

    1 - cost / budget; 0 for a run that missed, or needed its whole budget. costs:
    float[m, p, s], misses infinite; budgets: float[p], of the problems. Budgets and
    targets are fixed beforehand, so no score depends on who else takes part.
    """
    numbers = checked_costs(costs, "mps")
    available = np.asarray(budgets, dtype=float)
    if available.shape != numbers.shape[1:2]:
        raise ValueError(
            f"budgets must be one number for each of {numbers.shape[1]} problems, not"
            f" of shape {available.shape}"
        )
    if not (np.isfinite(available) & (available > 0)).all():
        raise ValueError("budgets must be positive and finite")
    return np.clip(1.0 - numbers / available[:, None], 0.0, 1.0)


def quality_scores(
    values: ArrayLike, start: ArrayLike, target: ArrayLike
) -> np.ndarray:
    """float[m, p, s] in [0, 1]: the share of the way from start to target.

    (start - value) / (start - target), cut off at 0 and 1, whether less or more is
    better; a value that is not finite (the run diverged) has 0. values: float[m, p, s],
    what the runs ended with; start: float[p], what no training gives, e.g. the loss of
    the initial network; target: float[p], frozen. Beyond the target all are equal: to
    compare how fast it is reached, see `time_scores`.
    Raises ValueError where start and target are equal or not finite.
    """
    numbers = np.asarray(values, dtype=float)
    first, last = np.asarray(start, dtype=float), np.asarray(target, dtype=float)
    if numbers.ndim != 3 or not first.shape == last.shape == numbers.shape[1:2]:
        raise ValueError(
            "values must have the axes [m, p, s], start and target one number a"
            f" problem; not {numbers.shape}, {first.shape} and {last.shape}"
        )
    way = first - last
    if not (np.isfinite(way) & (way != 0)).all():
        raise ValueError("start and target must be finite and differ on every problem")
    finite = np.isfinite(numbers)
    gone = first[:, None] - np.where(finite, numbers, first[:, None])
    return np.clip(gone / way[:, None], 0.0, 1.0)


def rank_scores(costs: np.ndarray) -> np.ndarray:
    """float[..., m, p, s] in [0, 1]: the share of the others' runs that a run beats.

    On the same problem, equal ones (two misses are) by half: from mid-ranks R among all
    runs and r among those of the same optimizer, 1 - (R - r)/((m - 1) s). The mean over
    p and s is the mean probability of improvement on the other optimizers. Needs
    neither targets nor units, but depends on who takes part. costs: float[..., m, p, s]
    without NaN.
    Source: Mann & Whitney (1947), On a test of whether one of two random variables is
    stochastically larger than the other, Annals of Mathematical Statistics 18.
    """
    optimizers, _, seeds = costs.shape[-3:]
    if optimizers < 2:
        return np.full(costs.shape, 0.5)
    by_problem = np.moveaxis(costs, -2, -3)
    pooled = by_problem.reshape(*by_problem.shape[:-2], -1)
    ranks = rankdata(pooled, axis=-1).reshape(by_problem.shape)
    better_others = ranks - rankdata(by_problem, axis=-1)
    scores = 1.0 - better_others / ((optimizers - 1) * seeds)
    return np.moveaxis(scores, -3, -2)
