"""Eight looks for lines of one picture, told by colour, dashes and marker."""

from . import style

COLOURS = (*style.PALETTE, style.TEXT, "#7B5EA7")
DASHES = (*style.DASHES, (0, (8, 2)), (0, (3, 1, 1, 1)))
MARKERS = (*style.MARKERS, "X", "<")
# Of the lines that are not told apart.
REST = "#C3C8CE"


def look(number):
    """Colour, line style and marker of a line as matplotlib's keywords."""
    place = number % len(COLOURS)
    return {
        "color": COLOURS[place],
        "linestyle": DASHES[place],
        "marker": MARKERS[place],
    }
