"""Convolution over height and width, with its bias and activation: see `convolution`.

Source: LeCun et al. (1998), section II.
"""

from dataclasses import dataclass

from .. import table
from ..activations import ACTIVATIONS, chain
from ..convolution import DEEPEST, carry_back, convolve, sum_windows
from ..frame import Frame, kept_size
from ..layer import Kind, Layer, LayerPlan, check_room
from ..matmul import sum_rows
from ..validation import check_choice, check_count, check_pair
from ..views import matrix, vector
from .activation import build_activated

PADDINGS = ("valid", "same")


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = f(windows(x) W + b)."""
    convolve(y, kept, x, w, row)


def settle(dy, y, row, first, count):
    """dz = dy f'(z), in the place of dy."""
    chain(dy, y, row[table.ACTIVATION])


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx: each window's dz W^T, summed where windows overlap."""
    if dx.shape[0] > 0:
        carry_back(dx, dz, kept, w, row)


def gradient(dw, dz, kept, x, y, row, part, more):
    """dW[part:] = windows(x)^T dz for as many rows of W as dw has; then db."""
    o = row[table.COLUMNS]
    end = min(part + dw.size // o, row[table.ROWS])
    sum_windows(dw, dz, kept, x, row, part, end, more)
    bias = (end - part) * o
    if dw.size > bias:
        sum_rows(vector(dw, bias, o), matrix(dz, 0, dz.size // o, o), more)


KIND = Kind(
    "conv2d",
    forward,
    backward,
    settle,
    gradient,
    reads_output=False,
    source="LeCun et al. (1998), section II",
)


def check_groups(layer, channels):
    """ValueError where groups do not divide the channels of input and output."""
    for name, count in (("channels", channels), ("outputs", layer.outputs)):
        if count % layer.groups:
            raise ValueError(
                f"{layer} splits its {count} {name} into {layer.groups} groups, which"
                " must be of one size"
            )


def places_of(layer, image, spans, stride):
    """([p, q], above, before): the output's height and width, and zeros around x.

    image: (h, w); spans: of a window, in pixels, less one.
    """
    if layer.padding == "same":
        out = [-(-size // s) for size, s in zip(image, stride, strict=True)]
        more = [
            max(0, (n - 1) * s + span + 1 - size)
            for n, s, span, size in zip(out, stride, spans, image, strict=True)
        ]
    else:
        check_room(layer, [span + 1 for span in spans], image)
        out = [
            (size - span - 1) // s + 1
            for size, span, s in zip(image, spans, stride, strict=True)
        ]
        more = [0, 0]
    above, before = (each // 2 for each in more)
    return out, above, before


def plan_convolution(layer, shape, kernel, stride, dilation):
    """The `LayerPlan` of a layer with groups, padding and outputs.

    shape: (h, w, c); the others: pairs for height and width.
    """
    *image, c = shape
    o, groups, window = layer.outputs, layer.groups, kernel[0] * kernel[1]
    check_groups(layer, c)
    spans = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
    out, above, before = places_of(layer, image, spans, stride)
    if window > DEEPEST:
        raise ValueError(f"a window of {layer} must hold at most {DEEPEST:,} pixels")
    f = Frame._make(
        (*image, c, *kernel, *stride, *dilation, above, before, groups, *out)
    )
    rows = window * c // groups
    return LayerPlan(
        (*out, o),
        rows,
        o,
        o,
        kept=kept_size(f, o),
        work=out[0] * out[1] * (rows + 1) * o,
        geometry=tuple(f),
        parts=(("weight", (*kernel, c // groups, o)), ("bias", (o,))),
        fans=(rows, window * o // groups),
    )


@dataclass(frozen=True)
class Conv2D(Layer):
    """Convolution with its bias and activation. Input [h, w, c], output [p, q, o].

    outputs: channels; kernel, stride, dilation: of the window, an int or a pair
    (height, width); padding: "valid", or "same", which makes p = ceil(h / stride) and
    puts half of the zeros it needs before and the rest behind; groups: of channels that
    do not see each other; activation: a key of `ACTIVATIONS`. Weights are [kernel,
    kernel, c / groups, o].
    """

    outputs: int
    kernel: int | tuple[int, int]
    padding: str = "valid"
    activation: str = "identity"
    stride: int | tuple[int, int] = 1
    dilation: int | tuple[int, int] = 1
    groups: int = 1
    kind = KIND

    def __post_init__(self):
        check_count("outputs", self.outputs, 1)
        check_count("groups", self.groups, 1)
        for name in ("kernel", "stride", "dilation"):
            check_pair(name, getattr(self, name), 1)
        check_choice("padding", self.padding, PADDINGS)
        check_choice("activation", self.activation, ACTIVATIONS)

    def plan(self, shape):
        if len(shape) != 3:
            raise ValueError(
                f"Conv2D takes rows of shape (height, width, channels), got {shape}"
            )
        pairs = (self.kernel, self.stride, self.dilation)
        pairs = [check_pair("kernel", each, 1) for each in pairs]
        return plan_convolution(self, shape, *pairs)

    def build(self, graph):
        build_activated(self, graph)


EXAMPLES = (
    ((5, 4, 2), Conv2D(3, 3, activation="tanh")),
    ((4, 5, 2), Conv2D(2, 2, "same", "gelu")),
    ((3, 3, 1), Conv2D(2, 1)),
    ((7, 6, 4), Conv2D(6, (3, 2), "same", "tanh", stride=(2, 3), groups=2)),
    ((9, 8, 2), Conv2D(4, 3, stride=(3, 2), dilation=(2, 1))),
    ((6, 7, 2), Conv2D(10, 3, "same", stride=2, dilation=(1, 2), groups=2)),
)
