"""Axis ticks in plain text: no mathematical markup, which would not be text in SVG."""

from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator
from matplotlib.ticker import NullFormatter, NullLocator

from ..words import number, power


def scale_axis(axis, scale, values):
    """Set the scale of an axis and ticks that fit the finite values shown on it.

    axis: `axes.xaxis` or `axes.yaxis`. A log scale without positive values is linear.
    """
    positive = [value for value in values if value > 0]
    if scale == "log" and positive:
        axis._set_axes_scale("log")
        _log_ticks(axis, max(positive) / min(positive))
    else:
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_locator(NullLocator())


def _log_ticks(axis, span):
    """Whole decades over a long span, 1-2-5 over a short one."""
    digits = (1.0,) if span > 300 else (1.0, 3.0) if span > 30 else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(base=10, subs=digits, numticks=7))
    axis.set_major_formatter(FuncFormatter(_log_label))
    axis.set_minor_formatter(NullFormatter())


def _log_label(value, _):
    if value <= 0:
        return ""
    text = f"{value:.0e}"
    mantissa, exponent = text.split("e")
    if mantissa == "1" and not -4 <= int(exponent) < 5:
        return power(int(exponent))
    return number(value)


__all__ = ["FixedLocator", "scale_axis"]
