"""Panels of squares of numbers, dark where they are large."""

import numpy as np

from . import style

_PANEL, _COLUMNS = 110, 4  # units; panels a line
_MOST, _LEVELS = 8, 8  # squares a side; areas in their place


def draw_squares(surface):
    """The figure of a surface: a panel each, one scale for all.

    surface: low, high, and panels with a label and values [row, column].
    """
    panels = surface["panels"]
    columns = min(len(panels), _COLUMNS)
    lines = -(-len(panels) // columns)
    figure, axes = style.canvas(_PANEL * lines if columns > 2 else 1.6 * _PANEL)
    axes.remove()
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(lines, columns, place)
        _fill(axes, np.array(panel["values"], dtype=float), surface)
        axes.set_aspect("equal")
        axes.set_title(panel["label"], color=style.TEXT)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def _fill(axes, values, surface):
    """Fill with squares, or with the areas between levels where they would be many.

    Both are shapes: a page takes no pixels.
    """
    low, high = surface["low"], surface["high"]
    values = np.clip(values[::-1], low, high)
    if len(values) > _MOST:
        levels = np.linspace(low, high, _LEVELS + 1)
        axes.contourf(values, levels=levels, cmap="Blues", vmin=low, vmax=high)
    else:
        axes.pcolormesh(values, cmap="Blues", vmin=low, vmax=high)


def describe_squares(surface):
    """The alternative text: title and what the panels are."""
    labels = ", ".join(panel["label"] for panel in surface["panels"])
    return f"{surface['title']}. Panels: {labels}."
