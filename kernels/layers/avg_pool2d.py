"""The mean of each window, over height and width.

Source: LeCun et al. (1998), section II.B, its sub-sampling without weight and bias.
"""

from dataclasses import dataclass

from ..jit import inner
from ..layer import Kind, Layer, LayerPlan
from ..table import GEOMETRY
from ..validation import check_pair
from ..views import vector


@inner
def pools(row):
    """(width, channels, height and width of y), a window's (height, width), strides."""
    at = GEOMETRY
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


def windows(layer, axes, size, stride):
    """How many windows of a size fit on each axis; ValueError where none does."""
    fit = tuple(
        (n - s) // step + 1 for n, s, step in zip(axes, size, stride, strict=True)
    )
    if min(fit) < 1:
        say = lambda lengths: " x ".join(map(str, lengths))  # noqa: E731
        raise ValueError(
            f"{type(layer).__name__}'s window of {say(size)} does not fit into"
            f" {say(axes)}; use a smaller size"
        )
    return fit


def means(shape, axes, size, stride, windows):
    """The `LayerPlan` of means of windows. shape: of the output; the others: pairs."""
    (_, wide), (a, b), (p, q), c = axes, size, windows, shape[-1]
    return LayerPlan(
        shape, work=p * q * c * a * b, geometry=(wide, c, a, b, *stride, p, q)
    )


@dataclass(frozen=True)
class AvgPool2D(Layer):
    """The mean of each window. Input [h, w, c], output [p, q, c].

    size: of a window, an int, or (height, width); stride: from a window to the next,
    alike, by default the size. p = (h - height) // stride + 1: what does not fill a
    window is left out.
    """

    size: int | tuple[int, int]
    stride: int | tuple[int, int] | None = None
    kind = Kind(
        "avg_pool",
        forward,
        backward,
        source="LeCun et al. (1998), section II.B",
    )

    def __post_init__(self):
        check_pair("size", self.size)
        if self.stride is not None:
            check_pair("stride", self.stride)

    def plan(self, shape):
        if len(shape) != 3:
            raise ValueError(
                f"AvgPool2D takes rows of shape (height, width, channels), got {shape}"
            )
        size = check_pair("size", self.size)
        stride = size if self.stride is None else check_pair("stride", self.stride)
        fit = windows(self, shape[:2], size, stride)
        return means((*fit, shape[2]), shape[:2], size, stride, fit)


EXAMPLES = (((5, 4, 2), AvgPool2D(2)), ((4, 5, 3), AvgPool2D((2, 3), (1, 2))))
