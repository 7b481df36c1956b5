"""What a run cost to reach its target: the numbers all comparisons start from."""

import numpy as np
from numpy.typing import ArrayLike


def checked_costs(costs: ArrayLike, letters: str, positive: bool = False) -> np.ndarray:
    """The costs as float64, one axis a letter and at least one value on each.

    A run that missed its target or diverged is +inf, never NaN: it would otherwise be
    dropped without a word. Raises ValueError on NaN, on -inf, on another number of
    axes, on empty ones and, where ratios are to be taken, on costs that are not
    positive.
    """
    numbers = np.asarray(costs, dtype=float)
    if numbers.ndim != len(letters) or numbers.size == 0:
        raise ValueError(
            f"costs must be numbers on the axes [{', '.join(letters)}], none of them"
            f" empty, not of shape {numbers.shape}"
        )
    if np.isnan(numbers).any() or np.isneginf(numbers).any():
        raise ValueError(
            "costs cannot be NaN or -inf: a run that missed or diverged is +inf"
        )
    if positive and (numbers <= 0).any():
        raise ValueError("costs must be positive where their ratios count")
    return numbers


def typical_costs(costs: np.ndarray) -> np.ndarray:
    """float[...]: the median over the seeds of float[..., s], misses infinite.

    Finite only where more than half of the seeds reach the target. AlgoPerf takes the
    median of its repeated studies likewise.
    Source: Dahl et al. (2023), Benchmarking neural network training algorithms, sec.
    4.4.1.
    """
    ordered = np.sort(costs, axis=-1)
    seeds = ordered.shape[-1]
    low, high = ordered[..., (seeds - 1) // 2], ordered[..., seeds // 2]
    # The sum could overflow; equal infinities must not meet in a difference.
    return low if seeds % 2 else 0.5 * low + 0.5 * high
