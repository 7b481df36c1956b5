"""The largest entry of each window, over height and width.

Source: Ranzato, Huang, Boureau & LeCun (2007), section 2; Zhou & Chellappa (1988).
"""

from dataclasses import dataclass

from .. import table
from ..jit import inner
from ..largest import find_largest
from ..layer import Kind, Layer
from ..pooling import image_of, pairs, plan_pool
from ..views import vector


@inner
def windows(row):
    """(channels, (lines, columns) of a window, entries from one to the next)."""
    g = table.GEOMETRY
    c = row[g + 1]
    return c, (row[g + 2], row[g + 3]), (row[g] * c, c)


@inner
def corner(row, pixel):
    """Entry of a row of x at which the window of an output pixel begins."""
    g = table.GEOMETRY
    wide, c, across = row[g], row[g + 1], row[g + 7]
    return (pixel // across * row[g + 4] * wide + pixel % across * row[g + 5]) * c


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = the largest of each window; kept: how many entries it is from the corner."""
    c, counts, steps = windows(row)
    for r in range(x.shape[0]):
        for pixel in range(y.shape[1] // c):
            out = r * y.shape[1] + pixel * c
            places = (out, out, r * x.shape[1] + corner(row, pixel))
            find_largest(y, kept, x, places, counts, steps, c)


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy at the largest of each window, 0 elsewhere; added where they overlap."""
    if dx.shape[0] == 0:
        return
    c, out = row[table.GEOMETRY + 1], vector(dx, 0, dx.size)
    out[:] = 0
    for r in range(dx.shape[0]):
        for pixel in range(dz.shape[1] // c):
            begin = r * dx.shape[1] + corner(row, pixel)
            for k in range(pixel * c, pixel * c + c):
                out[begin + k - pixel * c + int(kept[r, k])] += dz[r, k]


KIND = Kind(
    "max_pool2d",
    forward,
    backward,
    source="Ranzato, Huang, Boureau & LeCun (2007), section 2",
)


@dataclass(frozen=True)
class MaxPool2D(Layer):
    """The largest of each window. Input [h, w, c], output [p, q, c].

    size, stride: an int or a pair (height, width); stride None: the size, windows side
    by side. What does not fill a window is left out.
    """

    size: int | tuple[int, int]
    stride: int | tuple[int, int] | None = None
    kind = KIND

    def __post_init__(self):
        pairs(self)

    def plan(self, shape):
        return plan_pool(self, image_of(self, shape), *pairs(self), kept=True)


EXAMPLES = (
    ((5, 4, 2), MaxPool2D(2)),
    ((3, 3, 1), MaxPool2D(3)),
    ((5, 6, 3), MaxPool2D((2, 3), (1, 2))),
)
