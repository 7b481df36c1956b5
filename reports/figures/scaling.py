"""How much faster more threads are, beside the line of as many times as threads."""

from textwrap import fill

import numpy as np

from ..words import factor
from . import style
from .readings import tell
from .series import finite_of, floats
from .ticks import scale_axis

_PLOT_HEIGHT = 260
_IDEAL = "ideal: as many times as threads"
_DODGE = 0.012  # of the thread count, so that markers of equal cases can be told


def draw_scaling(lines):
    """The figure of [(label, threads, speedup, low, high)], each a list but the label.

    speedup: times as fast as one thread; low, high: its interval, None where unknown.
    """
    most = max(max(threads) for _, threads, *_ in lines)
    labels = [fill(_label(*line), 52) for line in lines]
    height = style.legend_height([_IDEAL, *labels])
    figure, axes = style.canvas(_PLOT_HEIGHT + height)
    axes.plot([1, most], [1, most], color=style.FAINT, linewidth=1.4, label=_IDEAL)
    for place, (line, label) in enumerate(zip(lines, labels, strict=True)):
        _draw(axes, line, label, place, len(lines))
    scale_axis(axes, "x", "linear", [1, most])
    if most <= 8:
        axes.set_xticks(range(1, most + 1))
    scale_axis(axes, "y", "linear", finite_of(*(floats(line[2]) for line in lines)))
    axes.set_xlabel("threads")
    axes.set_title("times as fast as one thread", loc="left", color=style.TEXT)
    style.legend_below(figure, style.labelled(axes))
    return figure


def _draw(axes, line, label, place, total):
    _, threads, speedup, low, high = line
    look = place % len(style.PALETTE)
    shift = 1 + _DODGE * (place - (total - 1) / 2)
    x, y = floats(threads) * shift, floats(speedup)
    alone = floats(threads) == 1  # what all is compared with has no interval
    below, above = (
        np.where(alone, np.nan, (sign * (y - floats(end))).clip(min=0))
        for sign, end in ((1, low), (-1, high))
    )
    drawn = axes.errorbar(
        x,
        y,
        yerr=[below, above],
        color=style.PALETTE[look],
        linestyle=style.DASHES[look],
        marker=style.MARKERS[look],
        capsize=3,
        label=label,
    )
    ends = y - below, y + above
    tell(drawn.lines[0], line[0], *ends, x=floats(threads))


def _label(label, threads, speedup, *_):
    return f"{label}: {factor(speedup[-1])} on {threads[-1]} threads"


def describe_scaling(lines):
    """What the picture shows, in words, for those who do not see it."""
    said = "; ".join(_label(*line) for line in lines)
    return (
        "Line chart of how many times as fast a step is by the number of threads,"
        f" beside the ideal line. {said}."
    )
