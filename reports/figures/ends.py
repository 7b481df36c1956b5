"""Short names at the right ends of lines, so that they differ without colours."""

from itertools import pairwise

_LINE = 15  # units that a name takes


def name_ends(axes, named, height):
    """Write names beside the last points of lines, apart from one another.

    named: [(x, y, text, colour)] of the ends in data; height: of the axes, in units.
    Call it when the limits of the axes stand.
    """
    at = [axes.transLimits.transform(axes.transScale.transform((x, y)))[1]
          for x, y, _, _ in named]  # fmt: skip
    for (_, _, text, colour), y in zip(named, apart(at, _LINE / height), strict=True):
        axes.text(
            1.02, y, text, color=colour, transform=axes.transAxes, va="center",
            fontsize=12,
        )  # fmt: skip


def apart(places, gap):
    """The same places, moved up where needed to be `gap` apart, and kept in order.

    places: float[n], 0 the lower and 1 the upper end; those above 1 are pushed down.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [min(max(place, 0.0), 1.0) for place in places]
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    for above, below in pairwise(order[::-1]):
        moved[above] = min(moved[above], 1.0)
        moved[below] = min(moved[below], moved[above] - gap)
    return moved
