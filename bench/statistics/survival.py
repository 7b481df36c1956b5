"""How many runs are still on their way: the curve of Kaplan and Meier."""

import numpy as np
from numpy.typing import ArrayLike


def survival(ends: ArrayLike, reached: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """(at, share): the share of runs that are still above the target, step by step.

    ends: float[n], when each run reached its target or was last seen; reached: bool[n].
    A run that was last seen above its target leaves the count of those at risk, and no
    step is drawn for it. at: float[k], 0 and then every end in order; share: float[k],
    from that end on: S(t) = product over ends t_i <= t of 1 - d_i / n_i, with d_i runs
    that reach the target at t_i of n_i still at risk.
    Raises ValueError on shapes that differ and on ends that are not finite and
    positive. Source: Kaplan & Meier (1958), Nonparametric estimation from incomplete
    observations, JASA 53, eq. 2b.
    """
    when, done = np.asarray(ends, dtype=float), np.asarray(reached, dtype=bool)
    if when.ndim != 1 or when.shape != done.shape:
        raise ValueError(
            f"ends and reached must be one per run, not of shapes {when.shape} and"
            f" {done.shape}"
        )
    if not (np.isfinite(when) & (when > 0)).all():
        raise ValueError("ends must be finite and positive")
    at = np.unique(when)
    arrived = np.array([np.sum(done & (when == t)) for t in at], dtype=float)
    at_risk = np.array([np.sum(when >= t) for t in at], dtype=float)
    share = np.cumprod(1.0 - arrived / at_risk)
    return np.concatenate(([0.0], at)), np.concatenate(([1.0], share))
