"""Convolution over time, with its bias and activation: a line of a `Conv2D`.

Source: Waibel et al. (1989), section III, time-delay networks.
"""

from dataclasses import dataclass, replace

from ..activations import ACTIVATIONS
from ..layer import Layer
from ..validation import check_choice, check_count
from .activation import build_activated
from .conv2d import KIND, PADDINGS, plan_convolution


@dataclass(frozen=True)
class Conv1D(Layer):
    """Convolution with its bias and activation. Input [t, c], output [s, o].

    outputs: channels; kernel, stride, dilation: of the window, ints; padding, groups,
    activation: as `Conv2D`. Weights are [kernel, c / groups, o].
    """

    outputs: int
    kernel: int
    padding: str = "valid"
    activation: str = "identity"
    stride: int = 1
    dilation: int = 1
    groups: int = 1
    kind = replace(KIND, name="conv1d", source="Waibel et al. (1989), section III")

    def __post_init__(self):
        for name in ("outputs", "kernel", "stride", "dilation", "groups"):
            check_count(name, getattr(self, name), 1)
        check_choice("padding", self.padding, PADDINGS)
        check_choice("activation", self.activation, ACTIVATIONS)

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"Conv1D takes rows of shape (time, channels), got {shape}"
            )
        pairs = [(1, each) for each in (self.kernel, self.stride, self.dilation)]
        plan = plan_convolution(self, (1, *shape), *pairs)
        weight = (self.kernel, shape[1] // self.groups, self.outputs)
        parts = (("weight", weight), ("bias", (self.outputs,)))
        return replace(plan, shape=plan.shape[1:], parts=parts)

    def build(self, graph):
        build_activated(self, graph)


EXAMPLES = (
    ((7, 2), Conv1D(3, 3, activation="tanh")),
    ((8, 4), Conv1D(4, 4, "same", "gelu", stride=3, groups=2)),
    ((9, 1), Conv1D(2, 3, "same", dilation=2)),
)
