"""Performance profiles: on which share of the problems is an optimizer fast enough?"""

import numpy as np
from numpy.typing import ArrayLike

from .bootstrap import RESAMPLES, bootstrap, corrected_bounds
from .costs import checked_costs, typical_costs

# Beyond four times the cost of the best, a hit counts no more than a miss.
TAU = 4.0


def performance_ratios(typical: np.ndarray) -> np.ndarray:
    """float[..., m, p]: cost over that of the best optimizer on the problem.

    typical: float[..., m, p], positive, one cost per optimizer and problem, infinite
    where it missed: its ratio is infinite then, also where every optimizer missed.
    Ratios depend on who takes part: without the best one, the order of two others may
    change (Gould & Scott 2016, ACM TOMS 43), hence the checks of stability. An
    optimizer that is never the best changes nothing. Raises ValueError on costs that
    are NaN or not positive.
    Source: Dolan & Moré (2002), Benchmarking optimization software with performance
    profiles, Mathematical Programming 91, sec. 2.
    """
    best = typical.min(axis=-2, keepdims=True)
    if not (best > 0).all():
        raise ValueError("costs must be positive numbers for their ratios to count")
    unsolved = np.isinf(typical)
    return np.divide(typical, best, out=np.full(typical.shape, np.inf), where=~unsolved)


def performance_profile(ratios: np.ndarray, taus: ArrayLike) -> np.ndarray:
    """float[..., m, k]: share of the problems whose ratio is at most tau.

    rho_s(tau) = |{p: r_sp <= tau}| / p; ratios: float[..., m, p]; taus: float[k], at
    least 1. rho(1) is how often an optimizer is the best, ties included.
    """
    grid = np.asarray(taus, dtype=float)
    if grid.ndim != 1 or not (grid >= 1).all() or not np.isfinite(grid).all():
        raise ValueError("taus must be a list of finite numbers of at least 1")
    return (ratios[..., None] <= grid).mean(axis=-2)


def profile_score(ratios: np.ndarray, tau: float = TAU) -> np.ndarray:
    """float[..., m] in [0, 1]: area under the profile from 1 to tau, over tau - 1.

    B_s = 1/(tau - 1) integral_1^tau rho_s(t) dt = mean_p max(0, tau - r_sp)/(tau - 1),
    exact: each problem adds a step at its ratio. The scale is linear, as AlgoPerf's. 1
    is to be the best on every problem; 0 is never to be within tau of it.
    Source: Dahl et al. (2023), Benchmarking neural network training algorithms, sec.
    4.5.2, eq. 3 (r_max = 4).
    """
    if not 1 < tau < np.inf:
        raise ValueError(f"tau must be finite and above 1, not {tau}")
    return np.maximum(tau - ratios, 0.0).mean(axis=-1) / (tau - 1.0)


def profile_scores(costs: np.ndarray) -> np.ndarray:
    """float[..., m]: `profile_score` of the medians over seeds of float[..., m, p, s].

    The statistic by which optimizers are ranked.
    """
    return profile_score(performance_ratios(typical_costs(costs)))


def profile_band(
    costs: ArrayLike,
    taus: ArrayLike,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Profile of each optimizer and its pointwise bootstrap bounds: float[m, k] each.

    costs: float[m, p, s]; the median over seeds counts. One seed gives the bounds 0
    and 1.
    """
    numbers = checked_costs(costs, "mps", positive=True)

    def profile(drawn):
        return performance_profile(performance_ratios(typical_costs(drawn)), taus)

    found = profile(numbers)
    if numbers.shape[-1] < 2:
        return found, np.zeros_like(found), np.ones_like(found)
    low, high = corrected_bounds(
        bootstrap(numbers, profile, resamples, seed), found, level
    )
    return found, low, high
