"""A few lines in colour, each named where it ends; all others grey behind them."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D

from ..words import number
from . import style
from .direct import Named, write_names
from .looks import COLOURS, REST, look
from .readings import tell
from .series import finite_of, floats, marks, shown
from .ticks import scale_axis

_AROUND = 62  # units of a picture above and below its axes


@dataclass(frozen=True)
class Curve:
    """A line; low and high: its band, None where it has none; look None: grey."""

    label: str
    x: list
    y: list
    low: list | None = None
    high: list | None = None
    look: int | None = None


@dataclass(frozen=True)
class Chart:
    """Lines of a picture. levels: [(label, height)]; limits: of the heights.

    steps: lines that jump; rest: what the grey lines are, {} for how many; height: of
    the picture without its legend, units.
    """

    x_label: str
    y_label: str
    curves: list[Curve]
    x_scale: str = "linear"
    y_scale: str = "log"
    levels: tuple = ()
    limits: tuple | None = None
    steps: bool = False
    rest: str = "the other {}"
    height: int = 280


def draw_highlighted(chart):
    """The figure of a `Chart`."""
    coloured = [curve for curve in chart.curves if curve.look is not None]
    grey = [curve for curve in chart.curves if curve.look is None]
    rest = chart.rest.format(len(grey)) if grey else ""
    keys = _keys(rest, chart.levels)
    height = style.legend_height([name for _, name in keys], 2) if keys else 0
    figure, axes = style.canvas(chart.height + height)
    for curve in grey:
        x, y = _points(curve, chart)
        axes.plot(x, y, color=REST, linewidth=0.9, zorder=1.2, drawstyle=_style(chart))
    for place, curve in enumerate(reversed(coloured)):
        _draw(axes, curve, chart, place)
    figure.readings.reverse()  # drawn from the last one, told from the first
    for place, (_, level) in enumerate(chart.levels):
        axes.axhline(level, **_level_look(place))
    _scale(axes, chart)
    axes.set_xlabel(chart.x_label)
    axes.set_title(chart.y_label, loc="left", color=style.TEXT)
    named = [Named(c.label, c.look, *_points(c, chart)) for c in coloured]
    write_names(axes, named, chart.height - _AROUND)
    style.legend_below(figure, keys, 2)
    return figure


def _points(curve, chart):
    x = shown(floats(curve.x), chart.x_scale)
    return x, shown(floats(curve.y), chart.y_scale)


def _draw(axes, curve, chart, place):
    x, y = _points(curve, chart)
    band = ()
    if curve.low is not None:
        low, high = band = tuple(
            shown(floats(end), chart.y_scale) for end in (curve.low, curve.high)
        )
        # An end that is not finite is beyond the picture.
        high = np.where(np.isfinite(low) & ~np.isfinite(high), 1e100, high)
        axes.fill_between(
            x,
            low,
            high,
            color=COLOURS[curve.look],
            alpha=0.13,
            linewidth=0,
            step="post" if chart.steps else None,
        )
    every = None if len(x) <= 12 else marks(len(x), place, count=5) or None
    (line,) = axes.plot(
        x,
        y,
        **look(curve.look),
        markevery=every,
        linewidth=1.8,
        drawstyle=_style(chart),
    )
    tell(line, curve.label, *band)


def _style(chart):
    return "steps-post" if chart.steps else "default"


def _scale(axes, chart):
    xs = finite_of(*(_points(curve, chart)[0] for curve in chart.curves))
    ys = finite_of(
        *(_points(curve, chart)[1] for curve in chart.curves),
        [level for _, level in chart.levels],
    )
    low, high = chart.limits or (None, None)
    kept = ys[(ys >= (low or -np.inf)) & (ys <= (high or np.inf))]
    scale_axis(axes, "x", chart.x_scale, xs)
    scale_axis(axes, "y", chart.y_scale, [*kept, *(v for v in (low, high) if v)])
    axes.margins(x=0.02)
    if chart.limits:
        axes.set_ylim(low, high)


def _keys(rest, levels):
    """Of what the grey lines are called (empty: none), and of levels."""
    keys = [(Line2D([], [], color=REST, linewidth=1.4), rest)] if rest else []
    keys += [
        (Line2D([], [], **_level_look(place)), f"{label}: {number(level)}")
        for place, (label, level) in enumerate(levels)
    ]
    return keys


def _level_look(place):
    dashes = ((0, (1, 1)), (0, (6, 3)))[place % 2]
    return {"color": style.FAINT, "linestyle": dashes, "linewidth": 1.3}


def describe_highlighted(chart):
    """What the picture shows, in words, for those who do not see it."""
    said = [f"Line chart of {chart.y_label} by {chart.x_label}."]
    grey = sum(curve.look is None for curve in chart.curves)
    for curve in chart.curves:
        if curve.look is None:
            continue
        y = finite_of(floats(curve.y))
        ends = (
            f"from {number(float(y[0]))} to {number(float(y[-1]))}"
            if y.size
            else "no finite value"
        )
        said.append(f"{curve.label}: {ends}.")
    if grey:
        said.append(f"{grey} more lines are grey.")
    said += [f"Level {label}: {number(level)}." for label, level in chart.levels]
    return " ".join(said)
