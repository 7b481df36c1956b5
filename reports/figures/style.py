"""One look for all pictures: sizes, colours, dashes and markers.

A picture is 380 units wide and its text 12 units high: at the width of a phone text
stays above 11 pixels, and on a wide screen it has the size of the page's own.
"""

from contextlib import contextmanager
from math import ceil
from typing import Any

import matplotlib as mpl

from .readings import Sheet

WIDTH = 380  # units, each 1/72 inch
TEXT, FAINT, RULE, BAND = "#1F2328", "#5F6368", "#E3E5E8", "#E9EDF2"
_LEGEND_ROW = 20  # units

# Okabe & Ito (2008), in an order whose neighbours differ in lightness too.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P")

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gradclinic",
    # A dollar sign in a label is a dollar sign.
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 12,
    "axes.labelsize": 12,
    "axes.titlesize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.labelcolor": FAINT,
    "ytick.labelcolor": FAINT,
    "axes.edgecolor": "#9AA0A6",
    "xtick.color": "#9AA0A6",
    "ytick.color": "#9AA0A6",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "legend.borderpad": 0.3,
    "legend.labelspacing": 0.35,
    "legend.columnspacing": 1.6,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.facecolor": "white",
    "path.simplify": True,
}


@contextmanager
def drawing():
    """Draw and save in our style, whatever the settings of the user are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def sheet(height):
    """An empty figure of the common width and a height in units."""
    return Sheet(figsize=(WIDTH / 72, height / 72), layout="constrained")


def canvas(height):
    """An empty figure of the common width and a height in units, with its axes."""
    figure = sheet(height)
    return figure, figure.add_subplot()


def panels(height, count):
    """An empty figure of the common width with `count` axes side by side."""
    figure = sheet(height)
    return figure, list(figure.subplots(1, count, squeeze=False)[0])


def legend_height(labels, columns=1):
    """Units that a legend below the axes takes."""
    lines = sum(1 + label.count("\n") for label in labels)
    return 12 + _LEGEND_ROW * ceil(lines / columns)


def legend_below(figure, keys, columns=1):
    """(handle, label) pairs below the axes, from the left edge."""
    handles, labels = zip(*keys, strict=True) if keys else ((), ())
    if handles:
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def labelled(axes):
    """(handle, label) of everything drawn with a label, in order."""
    return list(zip(*axes.get_legend_handles_labels(), strict=True))
