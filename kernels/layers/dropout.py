"""Inverted dropout: a unit is kept with probability 1 - rate, scaled by its inverse.

The mask is not stored: backward draws it again from the same counter.
Source: Srivastava et al. (2014), section 4 and 10 (the inverted form).
"""

from dataclasses import dataclass

from .. import table
from ..bounds import BELOW_ONE
from ..elementwise import copy
from ..jit import jit
from ..layer import Kind, Layer, LayerPlan
from ..philox import keep_above, philox
from ..validation import check_number


@jit
def mask(out, source, row, rate, draw):
    """out = source * keep / (1 - rate). out, source: float[b, o]."""
    zero, scale = out.dtype.type(0), out.dtype.type(1.0 / (1.0 - rate))
    least, width = keep_above(rate), out.shape[1]
    blocks = (width + 3) // 4
    for r in range(out.shape[0]):
        first = (draw[3] + r) * blocks
        for block in range(blocks):
            words = philox(
                first + block, draw[2], row[table.STREAM], 0, draw[0], draw[1]
            )
            for j in range(min(4, width - 4 * block)):
                c = 4 * block + j
                out[r, c] = source[r, c] * scale if words[j] > least else zero


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = x keep / (1 - rate) in training, y = x in evaluation. real: the rate."""
    if draw[2] == table.EVALUATE:
        copy(y, x)
    else:
        mask(y, x, row, real, draw)


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy keep / (1 - rate)"""
    if dx.shape[0] > 0:
        if draw[2] == table.EVALUATE:
            copy(dx, dz)
        else:
            mask(dx, dz, row, real, draw)


@dataclass(frozen=True)
class Dropout(Layer):
    """Units are zero with probability `rate`, in [0, 1), in training only.

    Those that are kept are divided by 1 - rate. Any shape, which stays as it is.
    """

    rate: float
    kind = Kind(
        "dropout",
        forward,
        backward,
        random=True,
        source="Srivastava et al. (2014), section 4 and 10",
    )

    def __post_init__(self):
        check_number("rate", self.rate, BELOW_ONE)

    @property
    def setting(self):
        return float(self.rate)

    def plan(self, shape):
        return LayerPlan(shape)


EXAMPLES = (((9,), Dropout(0.3)), ((2, 3), Dropout(0.5)))
