"""Panels of squares of numbers, dark where they are large."""

import numpy as np

from . import style

_PANEL, _COLUMNS = 150, 4  # units; panels a line


def draw_squares(surface):
    """The figure of a surface: a panel each, one scale for all.

    surface: low, high, and panels with a label and values [row, column].
    """
    panels = surface["panels"]
    columns = min(len(panels), _COLUMNS)
    lines = -(-len(panels) // columns)
    figure, axes = style.canvas(_PANEL * lines if columns > 2 else 1.4 * _PANEL)
    axes.remove()
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(lines, columns, place)
        axes.imshow(
            np.array(panel["values"], dtype=float),
            cmap="Blues",
            vmin=surface["low"],
            vmax=surface["high"],
            interpolation="nearest",
        )
        axes.set_title(panel["label"], color=style.TEXT)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def describe_squares(surface):
    """The alternative text: title and what the panels are."""
    labels = ", ".join(panel["label"] for panel in surface["panels"])
    return f"{surface['title']}. Panels: {labels}."
