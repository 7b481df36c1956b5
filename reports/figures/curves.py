"""Learning curves over seeds: the median as a line, the quartiles as a band."""

from textwrap import fill

import numpy as np

from ..words import number
from . import style
from .ends import name_ends
from .readings import tell
from .series import finite_of, floats, marks, shown, thinned
from .ticks import scale_axis

_BASELINE, _BEST, _REFERENCE = style.PALETTE[1], style.PALETTE[0], style.FAINT
# Colour, dashes, marker, is it filled, name at the end: in grey all but the first tell.
_ROLES = {
    "baseline": (_BASELINE, "-", "o", False, "baseline"),
    "baseline_train": (_BASELINE, (0, (4, 2)), "^", False, "base, train"),
    "best": (_BEST, "-", "s", True, "best fix"),
    "best_train": (_BEST, (0, (1, 1.5)), "D", True, "best, train"),
    "reference": (_REFERENCE, "-.", "v", True, "reference"),
}
_PLOT_HEIGHT = 260
_EXPLOSION = 1e6  # times the first value
_SHORT = 0.2  # of the epochs: a line that ends before is shown again, enlarged
_INSET = (0.36, 0.44, 0.62, 0.5)  # left, bottom, width, height, as shares of the axes


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
    xs = finite_of(*(floats(series["x"]) for series in chart["series"]))
    scale_axis(axes, "x", "linear", xs, whole=True)
    axes.set_xlabel(chart["x_label"])
    axes.set_title(chart["y_label"], loc="left", color=style.TEXT)
    axes.margins(x=0.02)
    axes.autoscale_view(scaley=False)
    keys = style.labelled(axes)
    if end := first_end(chart):
        _enlarge(axes, chart, end)
    else:
        _name(axes, chart)
    style.legend_below(figure, keys)
    return figure


def first_end(chart):
    """The epoch at which the baseline ends, where that is early; else None.

    It then diverged in its first epochs, and the others hide how.
    """
    ends, first = [], []
    for series in chart["series"]:
        x, mid = floats(series["x"]), floats(series["mid"])
        last = x[np.isfinite(mid)][-1:].tolist()
        ends += last
        first += last if series["role"].startswith("baseline") else []
    if not first or min(first) > _SHORT * max(ends):
        return None
    return min(first)


def _enlarge(axes, chart, end):
    """An inset of the epochs until shortly after a line ended."""
    inset = axes.inset_axes(_INSET)
    drawn = [
        _draw(inset, until(series, 1.4 * end), "", chart["y_scale"], place)
        for place, series in enumerate(chart["series"])
    ]
    _set_heights(inset, chart["y_scale"], drawn)
    scale_axis(inset, "x", "linear", np.array([1.0, end]), whole=True)
    inset.set_xlim(1 - 0.03 * end, 1.4 * end)
    inset.set_title(f"epochs 1 to {number(float(round(1.4 * end)))}", loc="left")
    inset.patch.set_alpha(0.92)


def until(series, epoch):
    """The part of a series up to an epoch."""
    count = int(np.sum(floats(series["x"]) <= epoch))
    columns = ("x", "mid", "low", "high")
    return series | {name: (series.get(name) or [])[:count] for name in columns}


def _name(axes, chart):
    """Short names at the ends of the lines."""
    named = []
    for series in chart["series"]:
        colour, *_, name = _ROLES.get(series["role"], _ROLES["reference"])
        x, mid = floats(series["x"]), shown(floats(series["mid"]), chart["y_scale"])
        if np.isfinite(mid).any():
            last = np.flatnonzero(np.isfinite(mid))[-1]
            named.append((x[last], mid[last], name, colour))
    name_ends(axes, named, _PLOT_HEIGHT - 60)


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
    role = _ROLES.get(series["role"], _ROLES["reference"])
    colour, dashes, marker, filled, _ = role
    x, mid = floats(series["x"]), shown(floats(series["mid"]), scale)
    ends = (series.get(end) or series["mid"] for end in ("low", "high"))
    low, high = (shown(floats(end), scale) for end in ends)
    x, mid, low, high = thinned(x, mid, low, high)
    if not np.isfinite(mid).any():
        label = f"{label} (no finite value)"
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    (line,) = axes.plot(
        x,
        mid,
        color=colour,
        linestyle=dashes,
        marker=marker,
        markerfacecolor=colour if filled else "white",
        markevery=marks(len(x), place) or None,
        label=label,
    )
    banded = (low, high) if series.get("low") and series.get("high") else ()
    tell(line, series["label"], *banded)
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
