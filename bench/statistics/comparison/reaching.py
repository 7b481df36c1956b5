"""How often a target is reached, and what it costs when one keeps trying."""

import numpy as np
from numpy.typing import ArrayLike

from ..intervals import Interval, wilson_interval
from .bootstrap import RESAMPLES, percentile_bounds, resampled_seeds
from .costs import checked_costs


def reach_rate(costs: ArrayLike, level: float = 0.95) -> Interval:
    """Share of the runs that reached their target, with Wilson's interval.

    costs: float of any shape, infinite where a run missed. Over runs of several
    problems the interval is a little too wide, never too narrow: the count of
    successes then varies less than a binomial one.
    """
    numbers = checked_costs(np.ravel(np.asarray(costs, dtype=float)), "n")
    return wilson_interval(int(np.isfinite(numbers).sum()), numbers.size, level)


def expected_running_time(costs: ArrayLike, budgets: ArrayLike) -> np.ndarray:
    """float[...]: evaluations until success if runs are restarted until one succeeds.

    ERT = (evaluations of all runs) / (number of successes), infinite without success;
    equal to mean(success) + (1 - q)/q mean(miss), q the share of successes.
    costs: float[..., s], evaluations at which the target was reached, infinite where it
    was not. budgets: evaluations that a run that missed has used, in all: one number,
    or whatever broadcasts with costs. Raises ValueError where a budget is not positive
    and finite, or below what a run needed.
    Source: Hansen, Auger, Ros, Mersmann, Tušar & Brockhoff (2021), COCO: a platform for
    comparing continuous optimizers in a black-box setting, Optimization Methods and
    Software 36; Auger & Hansen (2005), Performance evaluation of an advanced local
    search evolutionary algorithm, CEC.
    """
    spent, hit = _spent(costs, budgets)
    with np.errstate(divide="ignore"):
        return np.sum(spent, axis=-1) / np.sum(hit, axis=-1)


def running_time_interval(
    costs: ArrayLike,
    budgets: ArrayLike,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Expected running time of float[s] runs on one problem, percentile bootstrap.

    A resample without success is infinite, so the upper bound often is where few runs
    succeed. One run bounds nothing. Arguments: see `expected_running_time`.
    """
    spent, hit = _spent(checked_costs(costs, "s"), budgets)
    value = float(expected_running_time(costs, budgets))
    if hit.size < 2:
        return Interval(value, 0.0, np.inf)
    drawn = resampled_seeds(1, hit.size, resamples, seed)[:, 0]
    with np.errstate(divide="ignore"):
        draws = spent[drawn].sum(axis=1) / hit[drawn].sum(axis=1)
    low, high = percentile_bounds(draws, level)
    return Interval(value, float(low), float(high))


def _spent(costs, budgets):
    """float[..., s] evaluations each run has used, and bool[..., s]: did it succeed?"""
    needed = np.asarray(costs, dtype=float)
    checked_costs(np.ravel(needed), "n", positive=True)
    available = np.broadcast_to(np.asarray(budgets, dtype=float), needed.shape)
    hit = np.isfinite(needed)
    if not (np.isfinite(available) & (available > 0)).all():
        raise ValueError("budgets must be positive and finite")
    if (needed[hit] > available[hit]).any():
        raise ValueError("a run cannot have reached its target beyond its budget")
    return np.where(hit, needed, available), hit
