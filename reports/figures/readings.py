"""What a picture tells under the pointer: the points of its lines, and where they are.

The page's script draws nothing anew: it finds the nearest points and says their values.
"""

from dataclasses import dataclass
from math import inf, isfinite, log10, nextafter

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..words import number
from .series import HUGE

POINTS = 80  # of a line: no two can be told apart on a phone
_AXIS = 38  # units that ticks and their label take below a panel
_NEAR = 0.3  # units that a point may be moved by rounding
_DIGITS = range(4, 16)


@dataclass(frozen=True)
class Reading:
    """A drawn line with its name; low, high: its band; x: what to say in place of x."""

    line: Line2D
    label: str
    low: np.ndarray | None
    high: np.ndarray | None
    x: np.ndarray | None


class Sheet(Figure):
    """A figure that knows which of its lines are told under the pointer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.readings: list[Reading] = []


def tell(line, label, low=None, high=None, x=None):
    """Have the page tell the values of a line drawn on a `Sheet` under this name.

    low, high: float[points] of its band; x: float[points] that its points stand for,
    where markers were moved apart.
    """
    line.get_figure(root=True).readings.append(Reading(line, label, low, high, x))


@dataclass(frozen=True)
class Scale:
    """From data to units of the picture: place + step * (f(value) - start).

    f: the logarithm of base ten where log, else the value itself.
    """

    log: bool
    start: float
    place: float
    step: float

    def at(self, value):
        """Units from the left or from the top."""
        value = log10(value) if self.log else value
        return self.place + self.step * (value - self.start)

    def plain(self):
        """As the page's script reads it."""
        return [
            int(self.log),
            *(_plain(n, 9) for n in (self.start, self.place)),
            self.step,
        ]


def readings_of(figure):
    """[panel] of a figure that has been drawn, as plain data; empty without lines.

    A panel: the label of x, box (left, top, right, bottom), the place below it and the
    scales of both axes, in units; xs: the distinct columns of x; lines: name, colour,
    place in xs, y, the band low and high where there is one, and whether it jumps.
    """
    panels = {}
    for reading in figure.readings:
        panels.setdefault(reading.line.axes, []).append(reading)
    found = [_panel(axes, readings) for axes, readings in panels.items()]
    return [panel for panel in found if panel["lines"]]


def scales_of(axes):
    """(x, y): the `Scale` of each axis, and the box, from matplotlib's transforms."""
    units = 72 / axes.figure.dpi
    height = axes.get_figure(root=True).get_figheight() * 72
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    ends = axes.transData.transform([(x0, y0), (x1, y1)]) * units
    (left, bottom), (right, top) = ends
    x = _scale(axes.get_xscale(), (x0, x1), (left, right))
    y = _scale(axes.get_yscale(), (y0, y1), (height - bottom, height - top))
    return x, y


def _scale(kind, ends, places):
    log = kind == "log"
    start, stop = map(log10, ends) if log else ends
    return Scale(log, start, places[0], (places[1] - places[0]) / (stop - start))


def _panel(axes, readings):
    x, y = scales_of(axes)
    xs, lines = [], []
    for reading in readings:
        columns = _columns(reading)
        if not columns[0].size:
            continue
        told = [_short(value, x) for value in columns[0]]
        if told not in xs:
            xs.append(told)
        lines.append(_line(reading, xs.index(told), columns[1:], y))
    around = [a for a in axes.get_figure(root=True).axes if axes in a.child_axes]
    outer = around[0] if around else axes
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    corners = (x.at(x0), y.at(y1), x.at(x1), y.at(y0))
    return {
        "label": " ".join(outer.get_xlabel().split()),
        "box": [_plain(corner, 5) for corner in corners],
        "below": round(scales_of(outer)[1].at(outer.get_ylim()[0]) + _AXIS),
        "x": x.plain(),
        "y": y.plain(),
        "xs": xs,
        "lines": lines,
    }


def _line(reading, place, columns, scale):
    """The line as plain data; a band without an end is left out there."""
    told = {"name": reading.label, "colour": reading.line.get_color(), "x": place}
    for name, column in zip(("y", "low", "high"), columns, strict=False):
        told[name] = [_short(value, scale) for value in column]
    if str(reading.line.get_drawstyle()).startswith("steps"):
        told["jumps"] = 1
    return told


def _columns(reading):
    """x, y and the band at no more than `POINTS` finite points, ends included."""
    x, y = (np.asarray(d, dtype=float) for d in reading.line.get_data())
    columns = [x if reading.x is None else np.asarray(reading.x, dtype=float), y]
    if reading.low is not None and reading.high is not None:
        columns += [np.asarray(end, dtype=float) for end in (reading.low, reading.high)]
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (np.abs(y) < HUGE))
    if known.size > POINTS:
        known = known[np.linspace(0, known.size - 1, POINTS).round().astype(int)]
    return [column[known] for column in columns]


def _short(value, scale):
    """The fewest digits, from four on, that say the same number at the same place."""
    value = float(value)
    if not isfinite(value) or abs(value) >= HUGE:
        return None
    for digits in _DIGITS:
        near = float(f"{value:.{digits}g}")
        if number(near) == number(value) and _close(near, value, scale):
            break
    near = _beside_middle(near, number(value))
    return int(near) if near.is_integer() and abs(near) < 1e15 else near


def _beside_middle(value, said):
    """A value that also a browser rounds to what is said.

    In the middle between two numbers of three digits a browser goes by decimals, Python
    by what binary holds; the next float to the right side of it leaves no choice.
    """
    below, above = nextafter(value, -inf), nextafter(value, inf)
    if value == 0 or number(below) == number(above):
        return value
    return below if number(below) == said else above


def _close(one, other, scale):
    if scale.log and min(one, other) <= 0:
        return True  # not on the axis, whatever its digits
    return abs(scale.at(one) - scale.at(other)) < _NEAR


def _plain(value, digits):
    return float(f"{value:.{digits}g}")
