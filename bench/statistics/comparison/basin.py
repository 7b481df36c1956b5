"""How wide the range of good learning rates is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .costs import checked_costs

# A learning rate is good if its value is within 5 % of the best.
TOLERANCE = 0.05
BINS_PER_DECADE = 4


@dataclass(frozen=True)
class Basin:
    """The learning rates around the best one that are nearly as good.

    decades: log10(high / low). open_low, open_high: the range ends only because the
    sweep does, so that decades is a lower bound.
    """

    best_lr: float
    best_value: float
    low: float
    high: float
    decades: float
    open_low: bool
    open_high: bool


def basin(
    lr: ArrayLike, values: ArrayLike, tolerance: float = TOLERANCE
) -> Basin | None:
    """The basin of a sweep over learning rates; None if every one of them misses.

    lr: float[n], positive; values: float[n], loss or cost at each, less is better,
    infinite where it diverged or missed (medians, if several seeds were run). From the
    best learning rate outwards to where the value first exceeds best + tolerance
    |best|, between two points by a straight line over log lr; next to a diverged one
    the last finite point is the end. One range around the best: good learning rates
    beyond a bad one do not count.
    """
    x, v = _sweep(lr, values)
    best = int(np.argmin(v))
    if np.isinf(v[best]):
        return None
    limit = v[best] + tolerance * abs(v[best])
    left, open_low = _edge(x[best::-1], v[best::-1], limit)
    right, open_high = _edge(x[best:], v[best:], limit)
    return Basin(
        best_lr=float(10 ** x[best]),
        best_value=float(v[best]),
        low=float(10**left),
        high=float(10**right),
        decades=right - left,
        open_low=open_low,
        open_high=open_high,
    )


def lr_envelope(
    lr: ArrayLike, values: ArrayLike, bins_per_decade: int = BINS_PER_DECADE
) -> tuple[np.ndarray, np.ndarray]:
    """From the trials of a random search to a sweep: the best trial in each bin of lr.

    The other hyper-parameters differ from trial to trial, so what a learning rate can
    do is seen only in the best trial near it. Returns float[bins] twice, learning rates
    in order and values, for `basin`; empty bins are left out. With t trials a bin this
    is the best of t random settings: too few make the basin look narrow and rough. A
    sweep with all else fixed at the tuned setting is better where there is one.
    """
    if bins_per_decade < 1:
        raise ValueError(f"bins_per_decade must be at least 1, not {bins_per_decade}")
    x, v = _sweep(lr, values)
    # Rounded, so that 10^-3 is not below its own edge.
    bins = np.floor(np.round(x * bins_per_decade, 9))
    order = np.lexsort((v, bins))
    first = np.append(True, np.diff(bins[order]) > 0)
    chosen = order[first]
    return 10 ** x[chosen], v[chosen]


def _sweep(lr, values):
    """log10 of the learning rates in increasing order, and their values."""
    rates = checked_costs(lr, "n", positive=True)
    v = checked_costs(values, "n")
    if rates.shape != v.shape or not np.isfinite(rates).all():
        raise ValueError("lr must be finite numbers, one for each value")
    order = np.argsort(rates, kind="stable")
    return np.log10(rates[order]), v[order]


def _edge(x, v, limit):
    """Where v first exceeds the limit, from its first entry on; True if it does not."""
    outside = np.flatnonzero(v > limit)
    if outside.size == 0:
        return float(x[-1]), True
    k = outside[0]
    if np.isinf(v[k]):
        return float(x[k - 1]), False
    share = (limit - v[k - 1]) / (v[k] - v[k - 1])
    return float(x[k - 1] + share * (x[k] - x[k - 1])), False
