"""Convolution over height and width, with its bias and activation.

A row holds its channels innermost: float[h, w, c]. y[p, q, :] = f(sum over a, b, k of
x[p + a, q + b, k] W[a, b, k, :] + bias), the cross-correlation that the field calls a
convolution; outside of x there are zeros.
Source: LeCun et al. (1998), section II.
"""

from dataclasses import dataclass

from .. import table
from ..activations import ACTIVATIONS, activate, chain
from ..jit import inner
from ..layer import Kind, Layer, LayerPlan
from ..validation import check_choice, check_count
from ..views import matrix, vector
from .activation import build_activated

PADDINGS = ("valid", "same")


@inner
def window(row, pixel):
    """Where the window of an output pixel begins, and its part inside the input.

    (top, left, first and end of its rows inside, first and end of its columns inside);
    top and left are negative in the padding.
    """
    h, w, kernel = row[table.GEOMETRY], row[table.GEOMETRY + 1], row[table.GEOMETRY + 3]
    above, before = row[table.GEOMETRY + 4], row[table.GEOMETRY + 5]
    across = w if row[table.OUTPUTS] == h * w * row[table.COLUMNS] else w - kernel + 1
    top, left = pixel // across - above, pixel % across - before
    return (
        top,
        left,
        max(0, -top),
        min(kernel, h - top),
        max(0, -left),
        min(kernel, w - left),
    )


@inner
def run_in(row, top, left, a, b0):
    """Where row a of a window begins in x, and in the rows of the matrix."""
    w, c, kernel = (
        row[table.GEOMETRY + 1],
        row[table.GEOMETRY + 2],
        row[table.GEOMETRY + 3],
    )
    return ((top + a) * w + left + b0) * c, (a * kernel + b0) * c


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = f(windows(x) W + b), a pixel of the output at a time."""
    o, c, size = (
        row[table.COLUMNS],
        row[table.GEOMETRY + 2],
        row[table.ROWS] * row[table.COLUMNS],
    )
    y[:] = 0
    for r in range(x.shape[0]):
        for pixel in range(y.shape[1] // o):
            top, left, a0, a1, b0, b1 = window(row, pixel)
            out = vector(y, r * y.shape[1] + pixel * o, o)
            for a in range(a0, a1):
                at, part = run_in(row, top, left, a, b0)
                for k in range((b1 - b0) * c):
                    value, weight = x[r, at + k], (part + k) * o
                    for f in range(o):
                        out[f] += value * w[weight + f]
    pixels = matrix(y, 0, y.size // o, o)
    activate(pixels, vector(w, size, o), row[table.ACTIVATION])


def settle(dy, y, row, first, count):
    """dz = dy f'(z), in the place of dy."""
    chain(dy, y, row[table.ACTIVATION])


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx: each window's dz W^T, summed where windows overlap."""
    if dx.shape[0] == 0:
        return
    o, c = row[table.COLUMNS], row[table.GEOMETRY + 2]
    dx[:] = 0
    for r in range(dx.shape[0]):
        for pixel in range(dz.shape[1] // o):
            top, left, a0, a1, b0, b1 = window(row, pixel)
            d = vector(dz, r * dz.shape[1] + pixel * o, o)
            for a in range(a0, a1):
                at, part = run_in(row, top, left, a, b0)
                for k in range((b1 - b0) * c):
                    total, weight = dx[r, at + k], (part + k) * o
                    for f in range(o):
                        total += d[f] * w[weight + f]
                    dx[r, at + k] = total


def gradient(dw, dz, kept, x, y, row, part, more):
    """dW[part:] = windows(x)^T dz for as many rows of W as dw has; then db."""
    o, c = row[table.COLUMNS], row[table.GEOMETRY + 2]
    end = min(part + dw.size // o, row[table.ROWS])
    if not more:
        dw[:] = 0
    for r in range(x.shape[0]):
        for pixel in range(dz.shape[1] // o):
            top, left, a0, a1, b0, b1 = window(row, pixel)
            d = vector(dz, r * dz.shape[1] + pixel * o, o)
            for a in range(a0, a1):
                at, begin = run_in(row, top, left, a, b0)
                low, high = max(part, begin), min(end, begin + (b1 - b0) * c)
                for k in range(low, high):
                    value, weight = x[r, at + k - begin], (k - part) * o
                    for f in range(o):
                        dw[weight + f] += value * d[f]
    bias = (end - part) * o
    if dw.size > bias:
        for k in range(dz.size // o):
            for f in range(o):
                dw[bias + f] += dz[k * o // dz.shape[1], k * o % dz.shape[1] + f]


@dataclass(frozen=True)
class Conv2D(Layer):
    """Convolution with a square window, stride 1. Input [h, w, c], output [p, q, o].

    outputs: channels; kernel: side of the window; padding: "valid" (p = h - kernel + 1)
    or "same" (p = h); activation: a key of `ACTIVATIONS`. Weights are [kernel, kernel,
    c, o]. ValueError where the window does not fit, or rows have other axes.
    """

    outputs: int
    kernel: int
    padding: str = "valid"
    activation: str = "identity"
    kind = Kind(
        "conv2d",
        forward,
        backward,
        settle,
        gradient,
        source="LeCun et al. (1998), section II",
    )

    def __post_init__(self):
        check_count("outputs", self.outputs, 1)
        check_count("kernel", self.kernel, 1)
        check_choice("padding", self.padding, PADDINGS)
        check_choice("activation", self.activation, ACTIVATIONS)

    def plan(self, shape):
        if len(shape) != 3:
            raise ValueError(
                f"Conv2D takes rows of shape (height, width, channels), got {shape}"
            )
        (h, w, c), k, o = shape, self.kernel, self.outputs
        before = (k - 1) // 2 if self.padding == "same" else 0
        p, q = (h, w) if self.padding == "same" else (h - k + 1, w - k + 1)
        if min(p, q) < 1:
            raise ValueError(
                f"Conv2D's window of {k} x {k} does not fit into an image of {h} x {w};"
                " use a smaller kernel, or padding='same'"
            )
        return LayerPlan(
            (p, q, o),
            k * k * c,
            o,
            o,
            work=p * q * (k * k * c + 1) * o,
            geometry=(h, w, c, k, before, before),
            parts=(("weight", (k, k, c, o)), ("bias", (o,))),
            fans=(k * k * c, k * k * o),
        )

    def build(self, graph):
        build_activated(self, graph)


EXAMPLES = (
    ((5, 4, 2), Conv2D(3, 3, activation="tanh")),
    ((4, 5, 2), Conv2D(2, 2, "same", "gelu")),
    ((3, 3, 1), Conv2D(2, 1)),
)
