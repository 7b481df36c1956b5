"""Paths over the contours of functions of two numbers, a small panel a function."""

from math import ceil

import numpy as np
from matplotlib.lines import Line2D

from . import style

_PANEL = 168  # units
_LEVELS = 9
_PATH, _GOAL = style.PALETTE[0], style.PALETTE[1]


def draw_paths(functions, paths):
    """functions: of the content's `surfaces`; paths: [[(x, y)]] in their order."""
    rows = ceil(len(functions) / 2)
    keys = _keys()
    height = _PANEL * rows + style.legend_height([name for _, name in keys], 2)
    figure = style.sheet(height)
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for axes, function, path in zip(panels, functions, paths, strict=False):
        _draw(axes, function, path)
    for axes in panels[len(functions) :]:
        axes.set_axis_off()
    style.legend_below(figure, keys, 2)
    return figure


def _draw(axes, function, path):
    x0, x1, y0, y1 = function["box"]
    heights = np.array(function["heights"], dtype=float)
    x, y = np.linspace(x0, x1, heights.shape[1]), np.linspace(y0, y1, len(heights))
    # Equal steps of the root of the root: dense near the least, sparse on the walls.
    levels = np.linspace(0, heights.max() ** 0.25, _LEVELS + 1)[1:] ** 4
    axes.contour(x, y, heights, levels=levels, colors="#B9C0C8", linewidths=0.7)
    points = np.array(path, dtype=float)
    axes.plot(*points.T, color=_PATH, linewidth=1.4, marker=".", markersize=3)
    axes.plot(
        *points[0],
        marker="o",
        color=_PATH,
        markerfacecolor="white",
        markersize=6.5,
        zorder=4,
    )
    axes.plot(*points[-1], marker="s", color=_PATH, markersize=5.5, zorder=5)
    for minimum in function["minima"]:
        axes.plot(
            *minimum, marker="x", color=_GOAL, markersize=7, markeredgewidth=2, zorder=6
        )
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title(function["title"], loc="left", color=style.TEXT)


def _keys():
    def sign(**how):
        return Line2D([], [], color=_PATH, **how)

    return [
        (sign(linewidth=1.4, marker=".", markersize=4), "path"),
        (sign(linestyle="none", marker="o", markerfacecolor="white"), "start"),
        (sign(linestyle="none", marker="s"), "where it ended"),
        (
            Line2D(
                [], [], color=_GOAL, linestyle="none", marker="x", markeredgewidth=2
            ),
            "minimum",
        ),
    ]


def describe_paths(functions, runs, gradients):
    """What the picture shows, in words, for those who do not see it."""
    said = "; ".join(
        f"{function['title']}: "
        + (
            f"near the minimum after {run['near']} gradients"
            if run["near"] is not None
            else f"not near the minimum after {gradients} gradients"
        )
        for function, run in zip(functions, runs, strict=True)
    )
    return f"Paths from the start over contours of functions of two numbers. {said}."
