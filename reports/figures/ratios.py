"""Ratios of times with their intervals on a log axis, with the line at 1."""

from dataclasses import dataclass
from math import isfinite
from textwrap import shorten

from matplotlib.lines import Line2D

from ..words import factor
from . import style
from .ticks import scale_axis

_ROW, _AXIS = 38, 74  # units
_LABEL_CHARS = 50
_PAPER = {"facecolor": "white", "linewidth": 0, "pad": 2}


@dataclass(frozen=True)
class RatioRow:
    """A ratio to show: above 1 the other engine takes longer.

    look: which colour and marker of the style; shown: was a difference shown.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    look: int
    shown: bool


def limits_of(ratios):
    """(low, high) of an axis that holds 1, every ratio and every interval."""
    ends = [end for r in ratios for end in (r.value, r.low, r.high) if _drawable(end)]
    return min([1, *ends]) / 1.25, max([1, *ends]) * 1.25


def draw_ratios(ratios, limits):
    """A row for each ratio, its label above its interval."""
    groups = [(f"{_short(r.label, 42)}: {factor(r.value)}", [r]) for r in ratios]
    return draw_groups(groups, limits, ())


def draw_groups(groups, limits, families):
    """A row for each (label, ratios); the ratios of a row are told by their markers.

    families: [(name, look)] of the legend, which also says what an open marker is.
    """
    keys = [(_sign(look, True), name) for name, look in families]
    undecided = any(not ratio.shown for _, ratios in groups for ratio in ratios)
    if undecided:
        keys.append((_sign(None, False), "open sign: no difference shown"))
    columns = 2 if families else 1
    height = style.legend_height([name for _, name in keys], columns) if keys else 0
    figure, axes = style.canvas(_ROW * len(groups) + _AXIS + height)
    axes.axvline(1, color=style.TEXT, linewidth=1.2, zorder=0.6)
    for row, (label, ratios) in enumerate(groups):
        written = axes.text(
            0,
            row,
            _short(label, _LABEL_CHARS),
            transform=axes.get_yaxis_transform(),
            va="center",
            bbox=_PAPER,
        )
        written.set_in_layout(False)  # a long label must not squeeze the axes
        for ratio in ratios:
            _draw_ratio(axes, row + 0.42, ratio)
    _dress(axes, limits, len(groups))
    style.legend_below(figure, keys, columns)
    return figure


def _dress(axes, limits, rows):
    axes.set_xlim(*limits)
    axes.set_ylim(rows - 0.3, -0.45)
    scale_axis(axes, "x", "log", limits)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("how many times as fast gradclinic is")


def _draw_ratio(axes, y, ratio):
    colour = style.PALETTE[ratio.look]
    if _drawable(ratio.low) and _drawable(ratio.high):
        axes.plot([ratio.low, ratio.high], [y, y], color=colour, linewidth=2)
    axes.plot(
        ratio.value,
        y,
        marker=style.MARKERS[ratio.look],
        markersize=7,
        color=colour,
        markerfacecolor=colour if ratio.shown else "white",
        markeredgewidth=1.6,
        zorder=3,
    )


def _short(label, characters):
    return shorten(label, characters, placeholder="…")


def _sign(look, filled):
    colour = style.FAINT if look is None else style.PALETTE[look]
    return Line2D(
        [],
        [],
        linestyle="none",
        marker="o" if look is None else style.MARKERS[look],
        markersize=7,
        color=colour,
        markerfacecolor=colour if filled else "white",
        markeredgewidth=1.6,
    )


def _drawable(value):
    return value is not None and isfinite(value) and value > 0
