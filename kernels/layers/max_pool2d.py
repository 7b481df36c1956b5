"""The largest entry of each window, over height and width.

Source: Ranzato, Huang, Boureau & LeCun (2007), section 2; Zhou & Chellappa (1988).
"""

from dataclasses import dataclass

from .. import table
from ..layer import Kind, Layer, LayerPlan
from ..validation import check_count


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = the largest of each window; kept: which of the window it is, from 0."""
    wide, c, side = (
        row[table.GEOMETRY],
        row[table.GEOMETRY + 1],
        row[table.GEOMETRY + 2],
    )
    across = wide // side
    for r in range(x.shape[0]):
        for k in range(y.shape[1]):
            pixel, channel = k // c, k % c
            corner = (pixel // across * wide + pixel % across) * side * c + channel
            best, where = x[r, corner], 0
            for inside in range(1, side * side):
                at = corner + (inside // side * wide + inside % side) * c
                # NaN is larger than all: divergence stays visible.
                if x[r, at] > best or x[r, at] != x[r, at]:
                    best, where = x[r, at], inside
            y[r, k], kept[r, k] = best, where


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy at the largest of each window, 0 elsewhere."""
    if dx.shape[0] == 0:
        return
    wide, c, side = (
        row[table.GEOMETRY],
        row[table.GEOMETRY + 1],
        row[table.GEOMETRY + 2],
    )
    across = wide // side
    dx[:] = 0
    for r in range(dx.shape[0]):
        for k in range(dz.shape[1]):
            pixel, inside = k // c, int(kept[r, k])
            corner = (pixel // across * wide + pixel % across) * side * c + k % c
            dx[r, corner + (inside // side * wide + inside % side) * c] += dz[r, k]


@dataclass(frozen=True)
class MaxPool2D(Layer):
    """The largest of each window of size x size, side by side.

    Input [h, w, c], output [h // size, w // size, c]; what does not fill a window is
    left out. ValueError where no window fits, or rows have other axes.
    """

    size: int
    kind = Kind(
        "max_pool2d",
        forward,
        backward,
        source="Ranzato, Huang, Boureau & LeCun (2007), section 2",
    )

    def __post_init__(self):
        check_count("size", self.size, 1)

    def plan(self, shape):
        if len(shape) != 3:
            raise ValueError(
                f"MaxPool2D takes rows of shape (height, width, channels), got {shape}"
            )
        h, w, c = shape
        p, q = h // self.size, w // self.size
        if min(p, q) < 1:
            raise ValueError(
                f"MaxPool2D's window of {self.size} x {self.size} does not fit into an"
                f" image of {h} x {w}; use a smaller size"
            )
        return LayerPlan(
            (p, q, c),
            kept=p * q * c,
            work=p * q * c * self.size**2,
            geometry=(w, c, self.size),
        )


EXAMPLES = (((5, 4, 2), MaxPool2D(2)), ((3, 3, 1), MaxPool2D(3)))
