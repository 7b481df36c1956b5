"""How fast a loss falls at the end of a curve, with an interval."""

from math import exp, isfinite, sqrt

import numpy as np

from ..detectors import Component
from ..intervals import Interval, finite_or_none, t_quantile
from .curves import LEAST

_SHARE = 1 / 3  # of a curve that a trend at its end is taken from
_MOST_CORRELATION = 0.9


def slope(y: np.ndarray) -> Interval:
    """The slope of a line through float[n] by its index, with its 95 % interval.

    Its standard error is stretched by sqrt((1 + r) / (1 - r)), r the lag-one
    correlation of the residuals, since neighbours on a curve are alike. Without bounds
    below `LEAST` values. Source: Bartlett (1935), JRSS 98, for the stretch.
    """
    n = len(y)
    if n < LEAST:
        return Interval(float("nan"), -np.inf, np.inf)
    index = np.arange(n) - (n - 1) / 2
    value = float(index @ y / (index @ index))
    rest = y - y.mean() - value * index
    size = float(rest @ rest)
    error = sqrt(size / (n - 2) / float(index @ index))
    lag = float(rest[1:] @ rest[:-1]) / size if size > 0 else 0.0
    r = min(max(lag, 0.0), _MOST_CORRELATION)
    half = t_quantile(0.95, n - 2) * error * sqrt((1 + r) / (1 - r))
    return Interval(value, value - half, value + half)


def late_part(y: np.ndarray) -> np.ndarray:
    """The last third of a curve, or `LEAST` values where that is fewer."""
    return y[-max(round(_SHARE * len(y)), min(LEAST, len(y))) :]


def drop_a_tenth(y: np.ndarray) -> Interval:
    """By what share the late loss falls in a tenth of the training, in percent.

    y: float[n], logarithms of the whole curve, of which the last third counts.
    """
    value, low, high = slope(late_part(y))
    tenth = len(y) / 10
    return Interval(*(_percent(-s * tenth) for s in (value, high, low)))


def steadiness(y: np.ndarray) -> Interval:
    """The slope of the last third as a multiple of the mean slope of the whole curve.

    y: float[n]. 0 where the curve does not fall.
    """
    if len(y) < 2 or not (mean := (y[-max(1, len(y) // 10) :].mean() - y[0])) < 0:
        return Interval(0.0, 0.0, 0.0)
    value, low, high = slope(late_part(y))
    rate = mean / (len(y) - 1)
    return Interval(value / rate, high / rate, low / rate)


def _percent(log):
    return 100 * (1 - exp(-log)) if isfinite(log) and log > -700 else log


def bounded(
    name: str, found: Interval, comparison: str, threshold: float, unit: str = ""
) -> Component:
    """An interval against a threshold: beyond it with both ends, or on the other side.

    comparison: `>` or `<`.
    """
    value, low, high = found
    known = isfinite(value) and isfinite(low) and isfinite(high)
    above, below = low > threshold, high < threshold
    fires, refuted = (above, below) if comparison == ">" else (below, above)
    return Component(
        name,
        finite_or_none(value),
        finite_or_none(low),
        finite_or_none(high),
        threshold,
        comparison,
        unit,
        bool(known and fires),
        bool(known and refuted),
    )
