"""Rows of signs with their intervals, the label of a row on its left."""

from dataclasses import dataclass
from math import isfinite

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..words import number
from . import style
from .looks import COLOURS, MARKERS
from .ticks import scale_axis

_ROW, _AXIS, _DODGE = 21, 62, 0.24  # units; share of a row


@dataclass(frozen=True)
class Mark:
    """A value with its interval; None where there is none. sure: full, else open."""

    value: float | None
    low: float | None
    high: float | None
    look: int = 0
    sure: bool = True


@dataclass(frozen=True)
class Ranges:
    """rows: [(label, [Mark])]; names: of the looks, for the legend, where many.

    line: a value to compare with; whole: does the axis count? looks: (colour, marker)
    of each; unsure: what an open sign is, for the legend.
    """

    axis: str
    rows: list
    scale: str = "linear"
    names: tuple = ()
    limits: tuple | None = None
    line: float | None = None
    whole: bool = False
    looks: tuple = tuple(zip(COLOURS, MARKERS, strict=True))
    unsure: str = ""


def draw_ranges(ranges):
    """The figure of a `Ranges`, a row a line, the first on top."""
    keys = _keys(ranges)
    columns = 2 if ranges.unsure else 3
    height = style.legend_height([name for _, name in keys], columns) if keys else 0
    rows = len(ranges.rows)
    figure, axes = style.canvas(_ROW * max(rows, 3) + _AXIS + height)
    low, high = ranges.limits or _limits(ranges)
    scale_axis(axes, "x", ranges.scale, [low, high])
    for row, (_, marks) in enumerate(ranges.rows):
        for place, mark in enumerate(marks):
            shift = _DODGE * (place - (len(marks) - 1) / 2)
            _draw(axes, row + shift, mark, (low, high), ranges.looks[mark.look])
    if ranges.line is not None:
        axes.axvline(ranges.line, color=style.TEXT, linewidth=1.1, zorder=0.6)
    if ranges.whole:
        locator = MaxNLocator(8, steps=[1, 2, 5, 10], integer=True, min_n_ticks=4)
        axes.xaxis.set_major_locator(locator)
    axes.set_xlim(low, high)
    axes.set_ylim(max(rows, 3) - 0.4, -0.6)
    axes.set_yticks(range(rows), [label for label, _ in ranges.rows])
    axes.tick_params(axis="y", length=0, labelcolor=style.TEXT)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(ranges.axis, loc="right")
    style.legend_below(figure, keys, columns)
    return figure


def _draw(axes, y, mark, limits, look):
    if mark.value is None or (axes.get_xscale() == "log" and mark.value <= 0):
        return
    colour, marker = look
    low = limits[0] if mark.low is None else max(mark.low, limits[0])
    high = limits[1] if mark.high is None else min(mark.high, limits[1])
    axes.plot([low, high], [y, y], color=colour, linewidth=1.7, zorder=2)
    axes.plot(
        mark.value,
        y,
        marker=marker,
        color=colour,
        markersize=5.5,
        zorder=3,
        markerfacecolor=colour if mark.sure else "white",
        clip_on=False,
    )


def _limits(ranges):
    ends = [
        end
        for _, marks in ranges.rows
        for mark in marks
        for end in (mark.value, mark.low, mark.high)
        if end is not None and isfinite(end) and (ranges.scale != "log" or end > 0)
    ]
    if ranges.line is not None:
        ends.append(ranges.line)
    low, high = min(ends, default=1.0), max(ends, default=1.0)
    if ranges.scale == "log":
        return low / 1.25, high * 1.25
    room = 0.03 * (high - low) or 0.5
    return low - room, high + room


def _keys(ranges):
    keys = [
        (_sign(colour, marker, colour), name)
        for (colour, marker), name in zip(ranges.looks, ranges.names, strict=False)
    ]
    if ranges.unsure:
        keys.append((_sign(style.FAINT, "o", "white"), ranges.unsure))
    return keys


def _sign(colour, marker, face):
    return Line2D(
        [],
        [],
        color=colour,
        marker=marker,
        linewidth=1.7,
        markersize=6,
        markerfacecolor=face,
    )


def describe_ranges(ranges):
    """What the picture shows, in words, for those who do not see it."""
    rows = "; ".join(
        f"{label}: {', '.join(_said(mark, ranges.names) for mark in marks)}"
        for label, marks in ranges.rows
    )
    return f"Values with intervals of {ranges.axis}. {rows}."


def _said(mark, names):
    name = f"{names[mark.look]} " if names else ""
    if mark.value is None:
        return f"{name}none"
    if mark.low is None and mark.high is None:
        return f"{name}{number(mark.value)}"
    high = "no bound" if mark.high is None else number(mark.high)
    return f"{name}{number(mark.value)} ({number(mark.low)} to {high})"
