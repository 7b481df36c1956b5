"""The largest entry of each window of tokens.

Source: Collobert et al. (2011), section 3.3.2; Ranzato et al. (2007), section 2.
"""

from dataclasses import dataclass

from ..layer import Kind, Layer, LayerPlan
from ..table import GEOMETRY
from ..validation import check_count
from ..views import vector
from .avg_pool2d import windows


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = the largest of each window; kept: which of the window it is, from 0."""
    c, size, stride = row[GEOMETRY], row[GEOMETRY + 1], row[GEOMETRY + 2]
    for r in range(x.shape[0]):
        for p in range(y.shape[1] // c):
            place, start = r * y.shape[1] + p * c, r * x.shape[1] + p * stride * c
            best, where = vector(y, place, c), vector(kept, place, c)
            token = vector(x, start, c)
            for k in range(c):
                best[k], where[k] = token[k], 0
            for inside in range(1, size):
                token, here = vector(x, start + inside * c, c), x.dtype.type(inside)
                for k in range(c):
                    # NaN is larger than all: divergence stays visible.
                    larger = token[k] > best[k] or token[k] != token[k]
                    best[k] = token[k] if larger else best[k]
                    where[k] = here if larger else where[k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy at the largest of each window, 0 elsewhere."""
    if dx.shape[0] == 0:
        return
    c, size, stride = row[GEOMETRY], row[GEOMETRY + 1], row[GEOMETRY + 2]
    zero = dx.dtype.type(0)
    dx[:] = 0
    for r in range(dx.shape[0]):
        for p in range(dz.shape[1] // c):
            place, start = r * dz.shape[1] + p * c, r * dx.shape[1] + p * stride * c
            slopes, where = vector(dz, place, c), vector(kept, place, c)
            for inside in range(size):
                token, here = vector(dx, start + inside * c, c), dx.dtype.type(inside)
                for k in range(c):
                    token[k] += slopes[k] if where[k] == here else zero


@dataclass(frozen=True)
class MaxPool1D(Layer):
    """The largest of each window. Input [t, c], output [p, c].

    size: tokens of a window; stride: from a window to the next, by default the size.
    p = (t - size) // stride + 1: what does not fill a window is left out.
    """

    size: int
    stride: int | None = None
    kind = Kind(
        "max_pool1d",
        forward,
        backward,
        source="Collobert et al. (2011), section 3.3.2",
    )

    def __post_init__(self):
        check_count("size", self.size, 1)
        if self.stride is not None:
            check_count("stride", self.stride, 1)

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"MaxPool1D takes rows of shape (tokens, channels), got {shape}"
            )
        (t, c), stride = shape, self.stride or self.size
        (p,) = windows(self, (t,), (self.size,), (stride,))
        return LayerPlan(
            (p, c),
            kept=p * c,
            work=p * c * self.size,
            geometry=(c, self.size, stride),
        )


EXAMPLES = (((7, 2), MaxPool1D(2)), ((6, 3), MaxPool1D(3, 1)))
