"""The mean of each window of tokens.

Source: Waibel et al. (1989), section II, whose output units integrate over time; LeCun
et al. (1998), section II.B.
"""

from dataclasses import dataclass

from ..layer import Layer
from ..validation import check_count
from .avg_pool2d import AvgPool2D, means, windows


@dataclass(frozen=True)
class AvgPool1D(Layer):
    """The mean of each window. Input [t, c], output [p, c].

    size: tokens of a window; stride: from a window to the next, by default the size.
    p = (t - size) // stride + 1: what does not fill a window is left out.
    """

    size: int
    stride: int | None = None
    kind = AvgPool2D.kind

    def __post_init__(self):
        check_count("size", self.size, 1)
        if self.stride is not None:
            check_count("stride", self.stride, 1)

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"AvgPool1D takes rows of shape (tokens, channels), got {shape}"
            )
        (t, c), stride = shape, self.stride or self.size
        (p,) = windows(self, (t,), (self.size,), (stride,))
        return means((p, c), (1, t), (1, self.size), (1, stride), (1, p))


EXAMPLES = (((7, 2), AvgPool1D(2)), ((6, 3), AvgPool1D(3, 1)))
