"""Panels of points, each written as the number of its class."""

from . import style
from .looks import COLOURS

_PANEL, _COLUMNS, _LABEL = 180, 2, 26  # units; panels a line; units above a panel
_SIZE = 8  # of a number: many stand beside each other


def draw_points(picture):
    """The figure of `panels` with a label, x and y; `classes`: of all points.

    A point is a number, so that classes are told apart without colour.
    """
    panels = picture["panels"]
    lines = -(-len(panels) // _COLUMNS)
    figure, axes = style.canvas(lines * (_PANEL + _LABEL))
    axes.remove()
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(lines, _COLUMNS, place)
        _draw(axes, panel, picture["classes"])
        axes.set_title(panel["label"], color=style.TEXT)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def _draw(axes, panel, classes):
    for x, y, number in zip(panel["x"], panel["y"], classes, strict=True):
        colour = COLOURS[number % len(COLOURS)]
        how = {"ha": "center", "va": "center", "fontsize": _SIZE}
        axes.text(x, y, str(number), color=colour, **how)
    for name, values in (("x", panel["x"]), ("y", panel["y"])):
        low, high = min(values), max(values)
        room = 0.05 * (high - low) or 1.0
        getattr(axes, f"set_{name}lim")(low - room, high + room)


def describe_points(picture):
    """The alternative text: how many points of how many classes, and the panels."""
    count, kinds = len(picture["classes"]), len(set(picture["classes"]))
    named = "; ".join(panel["label"] for panel in picture["panels"])
    return (
        f"{picture['title']}: {count} points of {kinds} classes, each written as the"
        f" number of its class. Panels: {named}."
    )
