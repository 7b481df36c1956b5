"""Names beside the ends of their lines: told apart without colour and without a legend.

A name stands right of the axes behind a sample of its line, at the height where the
line ends or as near as the names above and below it let it.
"""

from dataclasses import dataclass
from textwrap import wrap

import numpy as np

from . import style
from .looks import look

_FROM, _TO, _NAME = 1.035, 1.135, 1.165  # of the width of the axes
_CHARACTERS, _MOST = 13, 16  # of a name's line, and of a word in it
_LINE, _GAP = 12.5, 5.0  # units: height of a line of text, room between names


@dataclass(frozen=True)
class Named:
    """A line as it is drawn; look: of `looks`."""

    label: str
    look: int
    x: np.ndarray
    y: np.ndarray


def write_names(axes, lines, units):
    """Write the names of `Named` lines; limits of the axes are final. units: height."""
    ends = [_end(axes, line) for line in lines]
    texts = [_text(line, end) for line, end in zip(lines, ends, strict=True)]
    wanted = [0.0 if end is None else end[2] for end in ends]
    sizes = [(_LINE * (1 + text.count("\n")) + _GAP) / units for text in texts]
    heights = spread(wanted, sizes)
    for line, end, text, height in zip(lines, ends, texts, heights, strict=True):
        if end is not None:
            axes.annotate(
                "",
                (end[0], end[1]),
                (_FROM, height),
                textcoords="axes fraction",
                annotation_clip=False,
                zorder=1.5,
                arrowprops={
                    "arrowstyle": "-",
                    "color": style.FAINT,
                    "linewidth": 0.7,
                    "shrinkA": 0,
                    "shrinkB": 2,
                },
            )
        middle = (_FROM + _TO) / 2
        axes.plot(
            [_FROM, middle, _TO],
            [height] * 3,
            **look(line.look),
            linewidth=1.8,
            markevery=[1],
            clip_on=False,
            transform=axes.transAxes,
        )
        axes.text(
            _NAME, height, text, transform=axes.transAxes, va="center", linespacing=1.05
        )


def _end(axes, line):
    """(x, y) of a line's last point as it is seen, and its height in the axes."""
    known = np.flatnonzero(np.isfinite(line.x) & np.isfinite(line.y))
    if not known.size:
        return None
    low, high = axes.get_ylim()
    x, y = line.x[known[-1]], float(np.clip(line.y[known[-1]], low, high))
    place = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    return x, y, float(place[1])


def _text(line, end):
    label = line.label if end is not None else f"{line.label}: no finite value"
    longest = max(map(len, label.split()), default=0)
    return "\n".join(wrap(label, _CHARACTERS if longest <= _CHARACTERS else _MOST))


def spread(wanted, sizes):
    """Middles in [0, 1] of things of these sizes: near what is wanted, none overlaps.

    Where all do not fit they overlap evenly.
    """
    scale = max(1.0, sum(sizes))
    sizes = [size / scale for size in sizes]
    groups = []
    for place in sorted(range(len(wanted)), key=lambda i: wanted[i]):
        size = sizes[place]
        groups.append(([place], _within(wanted[place], size), size))
        while len(groups) > 1 and _overlap(*groups[-2:]):
            (first, one, a), (second, two, b) = groups[-2:]
            count = len(first) + len(second)
            middle = (one * len(first) + two * len(second)) / count
            groups[-2:] = [([*first, *second], _within(middle, a + b), a + b)]
    found = [0.0] * len(wanted)
    for members, middle, size in groups:
        edge = middle - size / 2
        for place in members:
            found[place] = edge + sizes[place] / 2
            edge += sizes[place]
    return found


def _within(middle, size):
    return min(max(middle, size / 2), 1 - size / 2)


def _overlap(below, above):
    return below[1] + below[2] / 2 > above[1] - above[2] / 2 + 1e-12
