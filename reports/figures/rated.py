"""Scores from 0 to 1 with their intervals: what is rated under its name, by whom."""

from dataclasses import dataclass

from matplotlib.lines import Line2D

from . import style

_LINE, _NAME, _AXIS = 13, 20, 56  # units: of a score, of a name, of the axis
# Colour, marker and filling tell them apart in grey too.
_LOOKS = (
    (style.PALETTE[0], "o", True),
    (style.PALETTE[0], "o", False),
    (style.PALETTE[1], "s", True),
    (style.PALETTE[2], "^", True),
    (style.PALETTE[3], "D", False),
)


@dataclass(frozen=True)
class Rated:
    """axis: what is scored; raters: all who score, in order; wanted: a line across.

    rows: [(name, {rater: (value, low, high)})]; a rater may be missing.
    """

    axis: str
    raters: list
    rows: list
    wanted: float


def draw_rated(rated):
    """The figure of `Rated`, a name above the scores that belong to it."""
    keys = [(_sign(place), name) for place, name in enumerate(rated.raters)]
    lines = sum(_height(scores) for _, scores in rated.rows)
    height = lines + _AXIS + style.legend_height(rated.raters, 2)
    figure, axes = style.canvas(height)
    y = 0.0
    for name, scores in rated.rows:
        axes.text(0, y + 0.62 * _NAME, name, va="center", color=style.TEXT)
        y += _NAME
        for place, rater in enumerate(rated.raters):
            if rater in scores:
                _draw_score(axes, y + _LINE / 2, scores[rater], place)
                y += _LINE
        y += _LINE / 3
    axes.axvline(rated.wanted, color=style.TEXT, linestyle="--", linewidth=1)
    axes.set_xlim(0, 1)
    axes.set_ylim(max(y, 1.0), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.set_xlabel(rated.axis)
    style.legend_below(figure, keys, 2)
    return figure


def _height(scores):
    return _NAME + _LINE * len(scores) + _LINE / 3


def _draw_score(axes, y, score, place):
    value, low, high = score
    colour, marker, filled = _LOOKS[place % len(_LOOKS)]
    axes.plot([low, high], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
    face = colour if filled else "white"
    how = {"color": colour, "markerfacecolor": face, "clip_on": False, "zorder": 3}
    axes.plot([value], [y], marker=marker, markersize=6.5, linestyle="none", **how)


def _sign(place):
    colour, marker, filled = _LOOKS[place % len(_LOOKS)]
    face = colour if filled else "white"
    return Line2D([], [], color=colour, marker=marker, markerfacecolor=face)


def describe_rated(rated):
    """What the picture shows, in words, for those who do not see it."""
    rows = "; ".join(
        f"{name}: " + ", ".join(f"{r} {v[0]:.2f}" for r, v in scores.items())
        for name, scores in rated.rows
    )
    return f"{rated.axis}, from 0 to 1. {rows}."
