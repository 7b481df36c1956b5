"""Where a token stands, as sines and cosines that are added to its features.

Source: Vaswani et al. (2017), section 3.5.
"""

import math
from dataclasses import dataclass

from .. import table
from ..elementwise import copy
from ..layer import Kind, Layer, LayerPlan
from ..views import matrix

LONGEST = 10000.0  # of the wavelengths, in units of 2 pi tokens


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y[p, c] = x[p, c] + sin(p / 10000^(c / d)) for even c; cos, of c - 1, for odd.

    The numbers added are those of every row: they wait in the first row of y.
    """
    d, width = row[table.GEOMETRY], x.shape[1]
    if x.shape[0] == 0:
        return
    added = matrix(y, 0, width // d, d)
    for c in range(d):
        rate = LONGEST ** (-(c - c % 2) / d)
        for p in range(width // d):
            added[p, c] = math.sin(p * rate) if c % 2 == 0 else math.cos(p * rate)
    for r in range(x.shape[0] - 1, -1, -1):
        for k in range(width):
            y[r, k] = y[0, k] + x[r, k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy"""
    if dx.shape[0] > 0:
        copy(dx, dz)


@dataclass(frozen=True)
class Positions(Layer):
    """Sines and cosines of a token's place, added to its features. [t, d] to [t, d]."""

    kind = Kind(
        "positions", forward, backward, source="Vaswani et al. (2017), section 3.5"
    )

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"Positions takes rows of shape (tokens, features), got {shape}"
            )
        return LayerPlan(shape, geometry=(shape[1],))


EXAMPLES = (((3, 4), Positions()), ((4, 3), Positions()))
