"""Rows of dots on a log axis, one a task, and beside them how many were missed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from ..words import factor
from . import style
from .looks import COLOURS, MARKERS
from .ticks import scale_axis

_ROW, _AXIS = 21, 66  # units
TOLD = 6  # tasks that are told apart by their signs


@dataclass(frozen=True)
class Dot:
    """A ratio of at least 1; None: missed. sure: drawn full, else open."""

    value: float | None
    sure: bool = True


@dataclass(frozen=True)
class Dots:
    """rows: [(label, [Dot])], a dot a task; tasks: their names; unsure: an open dot."""

    axis: str
    rows: list
    tasks: list[str]
    unsure: str


def draw_dots(dots):
    """The figure of `Dots`, a row a line, the first on top."""
    keys = _keys(dots)
    height = style.legend_height([name for _, name in keys], 2) if keys else 0
    count = max(len(dots.rows), 3)
    figure, axes = style.canvas(_ROW * count + _AXIS + height)
    known = [d.value for _, row in dots.rows for d in row if d.value is not None]
    limits = 1 / 1.25, 1.25 * max(known, default=4.0)
    scale_axis(axes, "x", "log", limits)
    axes.axvline(1, color=style.TEXT, linewidth=1.1, zorder=0.6)
    _draw_dots(axes, dots)
    for y, (_, row) in enumerate(dots.rows):
        _draw_rest(axes, y, row, _told(dots))
    axes.set_xlim(*limits)
    axes.set_ylim(count - 0.4, -0.6)
    axes.set_yticks(range(len(dots.rows)), [label for label, _ in dots.rows])
    axes.tick_params(axis="y", length=0, labelcolor=style.TEXT)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(dots.axis, loc="right")
    if any(d.value is None for _, row in dots.rows for d in row):
        axes.text(1.03, -1.0, "missed", transform=axes.get_yaxis_transform())
    style.legend_below(figure, keys, 2)
    return figure


def _told(dots):
    return len(dots.tasks) <= TOLD


def _draw_dots(axes, dots):
    """All dots of a look as one line, which makes a small picture."""
    looks, told = {}, _told(dots)
    for y, (_, row) in enumerate(dots.rows):
        for task, dot in enumerate(row):
            if dot.value is not None:
                place = (dot.value, y)
                looks.setdefault((task if told else 0, dot.sure), []).append(place)
    for (task, sure), found in looks.items():
        axes.plot(*zip(*found, strict=True), **_look(task, sure, told))


def _draw_rest(axes, y, row, told):
    """The median where tasks are not told apart, and how many were missed."""
    middle = median(row)
    if middle is not None and not told:
        axes.plot([middle] * 2, [y - 0.36, y + 0.36], **_MEDIAN)
    missed = sum(dot.value is None for dot in row)
    if missed:
        said = f"× {missed} of {len(row)}"
        place = axes.get_yaxis_transform()
        axes.text(1.03, y, said, transform=place, va="center_baseline")


def median(row):
    """The median of a row, misses infinite; None where it is."""
    values = [np.inf if dot.value is None else dot.value for dot in row]
    found = float(np.percentile(values, 50, method="higher"))
    return found if np.isfinite(found) else None


_MEDIAN: dict[str, Any] = {"color": style.TEXT, "linewidth": 2.2, "zorder": 4}


def _look(task, sure, told) -> dict[str, Any]:
    return {
        "marker": MARKERS[task],
        "color": COLOURS[task],
        "linestyle": "none",
        "markersize": 6 if told else 4.5,
        "markeredgewidth": 1.3,
        "zorder": 3,
        "markerfacecolor": COLOURS[task] if sure else "white",
        "clip_on": False,
    }


def _keys(dots):
    told = _told(dots)
    keys = [
        (Line2D([], [], **_look(place, True, True)), name)
        for place, name in enumerate(dots.tasks if told else ())
    ]
    if not told:
        keys = [
            (Line2D([], [], **_look(0, True, False)), "a problem"),
            (Line2D([], [], **_MEDIAN), "median of all"),
        ]
    if any(not dot.sure for _, row in dots.rows for dot in row):
        sign = Line2D([], [], **_look(0, False, told))
        sign.set_color(style.FAINT)
        keys.append((sign, dots.unsure))
    return keys


def describe_dots(dots):
    """What the picture shows, in words, for those who do not see it."""
    rows = "; ".join(f"{label}: {_said(row, dots)}" for label, row in dots.rows)
    return f"Dots of {dots.axis}, a row an optimizer. {rows}."


def _said(row, dots):
    if _told(dots):
        pairs = zip(dots.tasks, row, strict=True)
        return ", ".join(f"{task} {_value(dot.value)}" for task, dot in pairs)
    missed = sum(dot.value is None for dot in row)
    return f"median {_value(median(row))}, missed {missed} of {len(row)}"


def _value(value):
    return "missed" if value is None else factor(value)
