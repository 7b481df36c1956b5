"""A skip around some layers: y = x + f(x).

Source: He et al. (2016), "Deep residual learning for image recognition", eq. 1, and
eq. 2 for the projection where shapes differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..elementwise import copy
from ..layer import Kind, Layer, LayerPlan
from .dense import Dense


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = x; the pass adds the output of the second layer."""
    copy(y, x)


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy; the pass adds it to the second's."""
    if dx.shape[0] > 0:
        copy(dx, dz)


@dataclass(frozen=True)
class Add(Layer):
    """The place where a skip ends."""

    kind = Kind("add", forward, backward, source="He et al. (2016), eq. 1")

    def plan(self, shape):
        return LayerPlan(shape)


@dataclass(frozen=True)
class Residual(Layer):
    """y = x + f(x), f a list of layers.

    Where f changes the number of features, the last axis, x passes a dense layer
    without activation first. ValueError where f changes another axis.
    """

    layers: Sequence[Layer]

    def __post_init__(self):
        object.__setattr__(self, "layers", tuple(self.layers))

    def build(self, graph):
        start = graph.place
        for layer in self.layers:
            layer.build(graph)
        end = graph.place
        (before, _), (after, _) = start, end
        if before[:-1] != after[:-1]:
            raise ValueError(
                f"Residual adds its input of shape {before} to {after}, the output of"
                " its layers; only the last axis may differ"
            )
        graph.at(start)
        if before != after:
            graph.add(Dense(after[-1]))
        skipped = graph.last
        graph.at(end)
        graph.add(Add(), second=skipped)


EXAMPLES = (
    ((4,), Residual([Dense(4, "tanh"), Residual([Dense(4, "gelu")]), Dense(4)])),
    ((2, 4), Residual([Dense(3, "tanh")])),
    ((4,), Residual([])),
)
