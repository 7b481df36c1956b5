"""A map of ratios over width and batch, with the line where they cross one.

A cell is a measured network and batch, blue where the GPU is faster, orange where the
CPU is. In each column a bar lies at the width from which on the GPU is faster, over a
band, its interval.
"""

from math import inf, log, log2
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from ..words import factor, number
from . import style

_ROW, _AXES, _FULL = 44, 60, 5.0  # units; doublings at which a colour is full
_HALF = 0.42  # of a column, that a bar is wide
_CPU, _EVEN, _GPU = style.PALETTE[1], "#F4F5F7", style.PALETTE[0]


def draw_crossing(rows, crossings):
    """rows: dicts of width, batch, ratio (CPU/GPU) and sure: is the difference shown?

    crossings: dicts of batch, answer, at, low and high, as the content has them.
    """
    widths, batches = _axis(rows, "width"), _axis(rows, "batch")
    keys = _keys(crossings)
    height = _ROW * len(widths) + _AXES
    height += style.legend_height([label for _, label in keys])
    figure, axes = style.canvas(max(height, 200))
    colours = LinearSegmentedColormap.from_list("ratio", [_CPU, _EVEN, _GPU])
    for row in rows:
        x, y = batches.index(row["batch"]), widths.index(row["width"])
        _draw_cell(axes, (x, y), row, colours)
    for crossing in crossings:
        if crossing["batch"] in batches:
            _draw_bar(axes, batches.index(crossing["batch"]), crossing, widths)
    axes.set_xlim(-0.5, len(batches) - 0.5)
    axes.set_ylim(-0.72, len(widths) - 0.28)
    axes.set_xticks(range(len(batches)), [f"{batch:,}" for batch in batches])
    axes.set_yticks(range(len(widths)), [f"{width:,}" for width in widths])
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel("rows in a batch")
    axes.set_title("width of the layers (units)", loc="left", color=style.TEXT)
    style.legend_below(figure, keys)
    return figure


def _axis(rows, key):
    return sorted({row[key] for row in rows})


def _draw_cell(axes, place, row, colours):
    x, y = place
    share = min(max(log2(row["ratio"]) / _FULL, -1), 1)
    colour = colours((share + 1) / 2)
    axes.add_patch(
        Rectangle(
            (x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white", linewidth=1.5
        )
    )
    # On a plate of its cell's colour, for a bar may lie across it.
    axes.text(
        x,
        y,
        cell_words(row),
        ha="center",
        va="center_baseline",
        zorder=4,
        color="white" if share > 0.55 else style.TEXT,
        bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.5},
    )


def cell_words(row):
    """A cell's ratio; in brackets where no difference was shown."""
    said = factor(row["ratio"])
    return said if row["sure"] else f"({said})"


def _draw_bar(axes, x, crossing, widths):
    """The bar at a crossing, over its interval; a triangle beyond the grid."""
    low, high = interval_of(crossing)
    bottom, top = height_of(low, widths), height_of(high, widths)
    if top > bottom:
        axes.add_patch(
            Rectangle(
                (x - _HALF, bottom),
                2 * _HALF,
                top - bottom,
                facecolor=style.TEXT,
                alpha=0.22,
                zorder=2,
            )
        )
    if crossing["answer"] == "crosses":
        y = height_of(crossing["at"], widths)
        axes.plot(
            [x - _HALF, x + _HALF],
            [y, y],
            color=style.TEXT,
            linewidth=2.6,
            solid_capstyle="butt",
            zorder=3,
        )
    elif crossing["answer"] in _BEYOND:
        marker, _ = _BEYOND[crossing["answer"]]
        y = -0.62 if crossing["answer"] == "always" else len(widths) - 0.4
        axes.plot(x, y, **_triangle(marker))


_BEYOND = {
    "always": ("v", "the GPU is faster from the least width on"),
    "never": ("^", "the GPU is not faster at the greatest width"),
}


def _triangle(marker):
    return {
        "marker": marker,
        "markersize": 8,
        "color": style.TEXT,
        "linestyle": "none",
        "zorder": 3,
        "clip_on": False,
    }


def interval_of(crossing):
    """(low, high) of a crossing, 0 and infinity where an end is beyond the grid."""
    low, high = crossing["low"], crossing["high"]
    if not crossing["interval"]:
        return 0.0, 0.0
    if low is None and high is None:
        # One end each way, or both on the side of the answer.
        both = {"always": (0.0, 0.0), "never": (inf, inf)}.get(crossing["answer"])
        return both if both and crossing["sure"] else (0.0, inf)
    return (0.0 if low is None else low), (inf if high is None else high)


def height_of(width, widths):
    """Where a width lies among the rows, in logarithms; the edges beyond the grid."""
    if width < widths[0]:
        return -0.5
    if width > widths[-1]:
        return len(widths) - 0.5
    return float(np.interp(log(width), np.log(widths), range(len(widths))))


def _keys(crossings):
    answers = {crossing["answer"] for crossing in crossings}
    keys: list[tuple[Any, str]] = [
        (Patch(facecolor=_GPU), "the GPU is faster"),
        (Patch(facecolor=_CPU), "the CPU is faster"),
    ]
    if "crosses" in answers:
        line = Line2D([], [], color=style.TEXT, linewidth=2.6)
        band = Patch(facecolor=style.TEXT, alpha=0.22)
        keys.append((line, "the GPU is faster from here on"))
        if any(crossing["interval"] for crossing in crossings):
            keys.append((band, "its 95 % interval"))
    for answer, (marker, label) in _BEYOND.items():
        if answer in answers:
            keys.append((Line2D([], [], **_triangle(marker)), label))
    return keys


def describe_crossing(rows, crossings, said):
    """What the picture shows, for those who do not see it. said: of each crossing."""
    cells = "; ".join(
        f"width {number(row['width'])}, batch {number(row['batch'])}: {cell_words(row)}"
        for row in rows
    )
    lines = f" {' '.join(said)}" if crossings else ""
    return (
        "Map of how many times as fast the GPU is, by width and batch; below 1 the CPU"
        f" is faster, brackets where no difference was shown. {cells}.{lines}"
    )
