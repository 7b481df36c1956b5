"""Short names at the right ends of lines, beside a legend that has the whole names."""

from .direct import spread

_EARLY = 0.8  # of the width of the axes
_PAPER = {"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1}
_LINE = 15  # units that a name takes


def name_ends(axes, named, height):
    """Write names beside the last points of lines, apart from one another.

    A line that ends early has its name there, the others theirs right of the axes.
    named: [(x, y, text, colour)] of the ends in data; height: of the axes, in units.
    Call it when the limits of the axes stand.
    """
    place = axes.transData + axes.transAxes.inverted()
    ends = [place.transform((x, y)) for x, y, _, _ in named]
    heights = spread([float(end[1]) for end in ends], [_LINE / height] * len(named))
    for (_, _, text, colour), end, y in zip(named, ends, heights, strict=True):
        early = end[0] < _EARLY
        axes.text(
            end[0] + 0.03 if early else 1.02,
            y,
            text,
            color=colour,
            va="center",
            transform=axes.transAxes,
            bbox=_PAPER if early else None,
        )
