"""Gaussian noise added to its input in training.

Source: Sietsma & Dow (1991); Bishop (1995) shows it acts as a Tikhonov penalty.
"""

from dataclasses import dataclass

from .. import table
from ..bounds import NONNEGATIVE
from ..elementwise import copy
from ..layer import Kind, Layer, LayerPlan
from ..philox import normal_pair, philox
from ..validation import check_number


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = x + real N(0, 1) in training, y = x in evaluation. real: the deviation."""
    copy(y, x)
    if draw[2] == table.EVALUATE:
        return
    width = x.shape[1]
    blocks = (width + 3) // 4
    for r in range(x.shape[0]):
        start = (draw[3] + r) * blocks
        for block in range(blocks):
            w0, w1, w2, w3 = philox(
                start + block, draw[2], row[table.STREAM], 0, draw[0], draw[1]
            )
            normals = normal_pair(w0, w1) + normal_pair(w2, w3)
            for j in range(min(4, width - 4 * block)):
                y[r, 4 * block + j] += real * normals[j]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy"""
    if dx.shape[0] > 0:
        copy(dx, dz)


@dataclass(frozen=True)
class Noise(Layer):
    """Gaussian noise of a standard deviation, from 0, in training only.

    y = x + deviation N(0, 1). Any shape, which stays as it is.
    """

    deviation: float
    kind = Kind("noise", forward, backward, random=True, source="Sietsma & Dow (1991)")

    def __post_init__(self):
        check_number("deviation", self.deviation, NONNEGATIVE)

    @property
    def setting(self):
        return float(self.deviation)

    def plan(self, shape):
        return LayerPlan(shape)


EXAMPLES = (((9,), Noise(0.3)), ((2, 3), Noise(0.1)))
