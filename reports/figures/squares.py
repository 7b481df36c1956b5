"""Panels of squares of numbers, dark where they are large."""

import numpy as np

from . import style

_PANEL, _COLUMNS = 110, 4  # units; panels a line
_MOST, _LEVELS = 16, 8  # squares a side; areas in their place
_LABEL = 26  # units above a panel


def draw_squares(picture):
    """The figure of panels of squares, one scale for all.

    picture: low, high, panels with a label and values [row, column], and marks: words
    at shares of each panel's sides, from its lower left corner.
    """
    panels = picture["panels"]
    columns = min(len(panels), _COLUMNS)
    figure, axes = style.canvas(_height(panels, columns))
    axes.remove()
    for place, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(-(-len(panels) // columns), columns, place)
        _fill(axes, np.array(panel["values"], dtype=float), picture)
        for mark in picture["marks"]:
            _write(axes, mark)
        axes.set_aspect("equal")
        axes.set_title(panel["label"], color=style.TEXT)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def _height(panels, columns):
    """Units: of each line of panels its tallest, at most 1.6 panels."""
    wide = style.WIDTH / columns
    sides = [np.shape(panel["values"]) for panel in panels]
    tall = [min(wide * down / across, 1.6 * _PANEL) + _LABEL for down, across in sides]
    return sum(max(tall[k : k + columns]) for k in range(0, len(tall), columns))


def _fill(axes, values, picture):
    """Fill with squares, or with the areas between levels where they would be many.

    Both are shapes: a page takes no pixels.
    """
    low, high = picture["low"], picture["high"]
    values = np.clip(values[::-1], low, high)
    if max(values.shape) > _MOST:
        levels = np.linspace(low, high, _LEVELS + 1)
        axes.contourf(values, levels=levels, cmap="Blues", vmin=low, vmax=high)
    else:
        # They end where the axes do: a clip of each would double the picture.
        axes.pcolormesh(values, cmap="Blues", vmin=low, vmax=high, clip_on=False)


def _write(axes, mark):
    """A word on a light ground, readable on any colour."""
    axes.text(
        mark["x"],
        mark["y"],
        mark["text"],
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=style.TEXT,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def describe_squares(picture):
    """The alternative text: title, panels, and what is largest and smallest in each."""
    said = []
    for panel in picture["panels"]:
        values = np.array(panel["values"], dtype=float)
        top, left = np.unravel_index(np.nanargmax(values), values.shape)
        rows, columns = values.shape
        said.append(
            f"{panel['label']}: {rows} rows of {columns}, darkest in row {top + 1},"
            f" column {left + 1}"
        )
    marks = {mark["text"] for mark in picture["marks"]}
    named = f" Marked: {', '.join(sorted(marks))}." if marks else ""
    return f"{picture['title']}. Panels: {'; '.join(said)}.{named}"
