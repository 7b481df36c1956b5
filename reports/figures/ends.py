"""Short names at the right ends of lines, beside a legend that has the whole names."""

from .direct import spread

_LINE = 15  # units that a name takes


def name_ends(axes, named, height):
    """Write names beside the last points of lines, apart from one another.

    named: [(x, y, text, colour)] of the ends in data; height: of the axes, in units.
    Call it when the limits of the axes stand.
    """
    place = axes.transData + axes.transAxes.inverted()
    ends = [float(place.transform((x, y))[1]) for x, y, _, _ in named]
    heights = spread(ends, [_LINE / height] * len(named))
    for (_, _, text, colour), y in zip(named, heights, strict=True):
        axes.text(
            1.02, y, text, color=colour, transform=axes.transAxes, va="center"
        )  # fmt: skip
