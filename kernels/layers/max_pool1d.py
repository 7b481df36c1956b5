"""The largest entry of each window of tokens: a line of a `MaxPool2D`.

Source: Collobert et al. (2011), section 3.3.2; Ranzato et al. (2007), section 2.
"""

from dataclasses import dataclass, replace

from ..layer import Layer
from ..pooling import line_of, plan_pool
from ..validation import check_count
from .max_pool2d import KIND


@dataclass(frozen=True)
class MaxPool1D(Layer):
    """The largest of each window. Input [t, c], output [p, c].

    size: tokens of a window; stride: from a window to the next, by default the size.
    p = (t - size) // stride + 1: what does not fill a window is left out.
    """

    size: int
    stride: int | None = None
    kind = replace(
        KIND, name="max_pool1d", source="Collobert et al. (2011), section 3.3.2"
    )

    def __post_init__(self):
        check_count("size", self.size, 1)
        if self.stride is not None:
            check_count("stride", self.stride, 1)

    def plan(self, shape):
        size, stride = (1, self.size), (1, self.stride or self.size)
        plan = plan_pool(self, line_of(self, shape), size, stride, kept=True)
        return replace(plan, shape=plan.shape[1:])


EXAMPLES = (((7, 2), MaxPool1D(2)), ((6, 3), MaxPool1D(3, 1)))
