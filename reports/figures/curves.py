"""Learning curves over seeds: the median as a line, the quartiles as a band."""

from textwrap import fill

import numpy as np

from ..words import number
from . import style
from .series import finite_of, floats, marks, shown, thinned
from .ticks import scale_axis

_BASELINE, _BEST, _REFERENCE = style.PALETTE[1], style.PALETTE[0], style.FAINT
_ROLES = {
    "baseline": (_BASELINE, "-", "o"),
    "baseline_train": (_BASELINE, (0, (4, 2)), "^"),
    "best": (_BEST, "-", "s"),
    "best_train": (_BEST, (0, (4, 2)), "D"),
    "reference": (_REFERENCE, ":", "v"),
}
_PLOT_HEIGHT = 260
_EXPLOSION = 1e6  # times the first value


def has_curves(chart):
    """Is there a finite number to draw?"""
    return any(finite_of(floats(s["mid"])).size for s in chart["series"])


def draw_curves(chart):
    """The figure of one `curves` dict: a line, a band and markers for each series."""
    labels = [fill(series["label"], 46) for series in chart["series"]]
    figure, axes = style.canvas(_PLOT_HEIGHT + style.legend_height(labels))
    pairs = zip(chart["series"], labels, strict=True)
    drawn = [
        _draw(axes, series, label, chart["y_scale"], place)
        for place, (series, label) in enumerate(pairs)
    ]
    _set_heights(axes, chart["y_scale"], drawn)
    xs = (floats(series["x"]) for series in chart["series"])
    scale_axis(axes, "x", "linear", finite_of(*xs))
    axes.set_xlabel(chart["x_label"])
    axes.set_title(chart["y_label"], loc="left", color=style.TEXT)
    axes.margins(x=0.02)
    style.legend_below(figure, style.labelled(axes))
    return figure


def _set_heights(axes, scale, drawn):
    """Scale the y axis; a curve that explodes leaves the picture at the top.

    drawn: the finite numbers of each series, in order of drawing.
    """
    starts = [abs(numbers[0]) for numbers in drawn if numbers.size]
    ceiling = _EXPLOSION * max(starts, default=1.0)
    numbers = finite_of(*drawn)
    kept = numbers[np.abs(numbers) <= ceiling]
    scale_axis(axes, "y", scale, kept)
    if 0 < kept.size < numbers.size:
        axes.set_ylim(kept.min() / (2 if axes.get_yscale() == "log" else 1), ceiling)


def _draw(axes, series, label, scale, place):
    """Draw one series and return the numbers that were shown."""
    colour, dashes, marker = _ROLES.get(series["role"], _ROLES["reference"])
    x, mid = floats(series["x"]), shown(floats(series["mid"]), scale)
    ends = (series.get(end) or series["mid"] for end in ("low", "high"))
    low, high = (shown(floats(end), scale) for end in ends)
    x, mid, low, high = thinned(x, mid, low, high)
    if not np.isfinite(mid).any():
        label = f"{label} (no finite value)"
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(
        x,
        mid,
        color=colour,
        linestyle=dashes,
        marker=marker,
        markevery=marks(len(x), place) or None,
        label=label,
    )
    return finite_of(mid, low, high)


def describe_curves(chart):
    """What the picture shows, in words, for those who do not see it."""
    sentences = [f"Line chart of {chart['y_label']} by {chart['x_label']}."]
    for series in chart["series"]:
        numbers = finite_of(floats(series["mid"]))
        if not numbers.size:
            sentences.append(f"{series['label']} has no finite value.")
            continue
        start, end = (number(float(numbers[i])) for i in (0, -1))
        sentences.append(f"{series['label']} goes from {start} to {end}.")
    return " ".join(sentences)
