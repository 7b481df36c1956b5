"""The mean of each window of tokens.

Source: Waibel et al. (1989), section II, whose output units integrate over time; LeCun
et al. (1998), section II.B.
"""

from dataclasses import dataclass, replace

from ..layer import Layer
from ..pooling import line_of, plan_pool
from ..validation import check_count
from .avg_pool2d import KIND


@dataclass(frozen=True)
class AvgPool1D(Layer):
    """The mean of each window. Input [t, c], output [p, c].

    size: tokens of a window; stride: from a window to the next, by default the size.
    p = (t - size) // stride + 1: what does not fill a window is left out.
    """

    size: int
    stride: int | None = None
    kind = replace(KIND, name="avg_pool1d", source="Waibel et al. (1989), section II")

    def __post_init__(self):
        check_count("size", self.size, 1)
        if self.stride is not None:
            check_count("stride", self.stride, 1)

    def plan(self, shape):
        size, stride = (1, self.size), (1, self.stride or self.size)
        plan = plan_pool(self, line_of(self, shape), size, stride)
        return replace(plan, shape=plan.shape[1:])


EXAMPLES = (((7, 2), AvgPool1D(2)), ((6, 3), AvgPool1D(3, 1)))
