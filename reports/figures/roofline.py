"""Roofline (Williams et al. 2009): speed against arithmetic per byte, under ceilings.

Below a roof a step can be no faster: its slope is the memory's rate, its flat part the
processor's. Both are measured ceilings of this machine.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from ..words import number, percent
from . import style
from .ticks import scale_axis

_PLOT_HEIGHT = 290


@dataclass(frozen=True)
class Roof:
    """Ceilings of some threads: GF/s of arithmetic, GB/s of memory, and GF/s of BLAS.

    blas: None where it was not measured.
    """

    threads: str
    peak: float
    triad: float
    blas: float | None

    def at(self, intensity):
        """GF/s that can be reached at so many operations per byte."""
        return np.minimum(self.peak, self.triad * intensity)


@dataclass(frozen=True)
class RooflinePoint:
    """What was reached: operations per byte, GF/s, and under which of the roofs."""

    label: str
    intensity: float
    gflops: float
    roof: int


def draw_roofline(roofs, points):
    """The figure: roofs as lines, points numbered as in the legend."""
    keys = [*_roof_keys(roofs), *_point_keys(roofs, points)]
    height = style.legend_height([label for _, label in keys])
    figure, axes = style.canvas(_PLOT_HEIGHT + height)
    low, high = _span(roofs, points)
    x = np.geomspace(low, high, 101)
    for place, roof in enumerate(roofs):
        axes.plot(x, roof.at(x), color=_colour(place), linestyle=style.DASHES[place])
        if roof.blas:
            start = roof.blas / roof.triad
            ends = [max(start, low), high]
            axes.plot(ends, [roof.blas] * 2, color=_colour(place), linestyle=":")
    _draw_points(axes, points)
    speeds = [point.gflops for point in points]
    floor = min([*speeds, *(roof.at(low) for roof in roofs)])
    ceiling = max(roof.peak for roof in roofs)
    scale_axis(axes, "x", "log", [low, high])
    scale_axis(axes, "y", "log", [floor, ceiling])
    axes.set_xlim(low, high)
    axes.set_ylim(floor / 1.5, ceiling * 1.6)
    axes.set_xlabel("operations per byte of memory")
    axes.set_title("GF/s (billion operations a second)", loc="left", color=style.TEXT)
    style.legend_below(figure, keys)
    return figure


def _span(roofs, points):
    """Intensities that show every point and where each roof bends."""
    known = [point.intensity for point in points]
    known += [roof.peak / roof.triad for roof in roofs]
    return min(known) / 2.5, max(known) * 2.5


def _colour(place):
    return style.PALETTE[place % len(style.PALETTE)]


def _draw_points(axes, points):
    for place, point in enumerate(points, start=1):
        axes.plot(point.intensity, point.gflops, **_mark(point.roof))
        axes.annotate(
            str(place),
            (point.intensity, point.gflops),
            color="white",
            ha="center",
            va="center_baseline",
            zorder=4,
        )


def _mark(place, size=16) -> dict[str, Any]:
    shape = {0: "s", 1: "o"}.get(place, "o")
    return {
        "marker": shape,
        "markersize": size,
        "linestyle": "none",
        "color": _colour(place),
        "markeredgecolor": "white",
        "zorder": 3,
    }


def _roof_keys(roofs):
    keys = []
    for place, roof in enumerate(roofs):
        line = Line2D([], [], color=_colour(place), linestyle=style.DASHES[place])
        keys.append((line, _roof_label(roof)))
        if roof.blas:
            dotted = Line2D([], [], color=_colour(place), linestyle=":")
            keys.append((dotted, f"matrix products: {number(roof.blas)} GF/s"))
    return keys


def _roof_label(roof):
    return f"{roof.threads}: {number(roof.peak)} GF/s, {number(roof.triad)} GB/s"


def _point_keys(roofs, points):
    return [
        (
            Line2D([], [], **_mark(point.roof, size=10)),
            f"({place}) {_point_label(roofs, point)}",
        )
        for place, point in enumerate(points, start=1)
    ]


def _point_label(roofs, point):
    share = point.gflops / roofs[point.roof].at(point.intensity)
    return f"{point.label}: {percent(float(share))} of its roof"


def describe_roofline(roofs, points):
    """What the picture shows, in words, for those who do not see it."""
    ceilings = "; ".join(_roof_label(roof) for roof in roofs)
    reached = "; ".join(
        f"{_point_label(roofs, point)}, {number(point.gflops)} GF/s at"
        f" {number(point.intensity)} operations per byte"
        for point in points
    )
    return f"Roofline. Ceilings with {ceilings}. Points: {reached}."
