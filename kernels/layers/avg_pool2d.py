"""The mean of each window, over height and width.

Source: LeCun et al. (1998), section II.B, its sub-sampling without weight and bias.
"""

from dataclasses import dataclass

from .. import table
from ..jit import inner
from ..layer import Kind, Layer
from ..pooling import image_of, pairs, plan_pool
from ..views import vector


@inner
def pools(row):
    """(width, channels, height and width of y), a window's (height, width), strides."""
    at = table.GEOMETRY
    image = (row[at], row[at + 1], row[at + 6], row[at + 7])
    return image, (row[at + 2], row[at + 3]), (row[at + 4], row[at + 5])


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = the mean of each window."""
    (wide, c, p, q), (a, b), (down, across) = pools(row)
    part = y.dtype.type(1.0 / (a * b))
    for r in range(x.shape[0]):
        for i in range(p):
            for j in range(q):
                out = vector(y, r * y.shape[1] + (i * q + j) * c, c)
                corner = r * x.shape[1] + (i * down * wide + j * across) * c
                for k in range(c):
                    out[k] = 0
                for below in range(a):
                    for beside in range(b):
                        at = corner + (below * wide + beside) * c
                        pixel = vector(x, at, c)
                        for k in range(c):
                            out[k] += pixel[k]
                for k in range(c):
                    out[k] *= part


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx: each window's share of dy, summed where windows overlap."""
    if dx.shape[0] == 0:
        return
    (wide, c, p, q), (a, b), (down, across) = pools(row)
    part = dx.dtype.type(1.0 / (a * b))
    dx[:] = 0
    for r in range(dx.shape[0]):
        for i in range(p):
            for j in range(q):
                slopes = vector(dz, r * dz.shape[1] + (i * q + j) * c, c)
                corner = r * dx.shape[1] + (i * down * wide + j * across) * c
                for below in range(a):
                    for beside in range(b):
                        at = corner + (below * wide + beside) * c
                        pixel = vector(dx, at, c)
                        for k in range(c):
                            pixel[k] += slopes[k] * part


KIND = Kind("avg_pool2d", forward, backward, source="LeCun et al. (1998), section II.B")


@dataclass(frozen=True)
class AvgPool2D(Layer):
    """The mean of each window. Input [h, w, c], output [p, q, c].

    size: of a window, an int, or (height, width); stride: from a window to the next,
    alike, by default the size. p = (h - height) // stride + 1: what does not fill a
    window is left out.
    """

    size: int | tuple[int, int]
    stride: int | tuple[int, int] | None = None
    kind = KIND

    def __post_init__(self):
        pairs(self)

    def plan(self, shape):
        return plan_pool(self, image_of(self, shape), *pairs(self))


EXAMPLES = (((5, 4, 2), AvgPool2D(2)), ((4, 5, 3), AvgPool2D((2, 3), (1, 2))))
