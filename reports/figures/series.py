"""Plain lists with gaps as arrays to draw, thinned to what a page can show."""

import numpy as np

POINTS = 200
HUGE = 1e100  # beyond it the arithmetic of an axis overflows


def floats(values):
    """float[n]: numbers, NaN for None; longdouble and integers alike."""
    return np.array([np.nan if v is None else v for v in values or ()], dtype=float)


def thinned(*columns):
    """The columns at no more than `POINTS` evenly spaced indices, ends included."""
    length = min(len(column) for column in columns)
    if length <= POINTS:
        return [column[:length] for column in columns]
    keep = np.unique(np.linspace(0, length - 1, POINTS).round().astype(int))
    return [column[keep] for column in columns]


def shown(values, scale):
    """The values that a scale can show, the others NaN; huge ones cut to `HUGE`."""
    values = np.where(np.isfinite(values), np.clip(values, -HUGE, HUGE), np.nan)
    return np.where(values > 0, values, np.nan) if scale == "log" else values


def finite_of(*columns):
    """Every finite number of the columns, as one array."""
    together = np.concatenate([np.ravel(column) for column in columns] or [np.empty(0)])
    return together[np.isfinite(together)]


def marks(length, offset, count=6):
    """Indices of a few markers, shifted so that those of two curves do not meet."""
    step = max(1, length // count)
    return list(range((offset * step // 4) % max(1, step), length, step))
