"""Layers that read the steps of a row forwards, and twins that read them backwards.

y_t = f(x)_t + g(x backwards)_{T - 1 - t}, g with weights of its own.
Source: Schuster & Paliwal (1997), "Bidirectional recurrent neural networks".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .. import table
from ..jit import inner
from ..layer import Kind, Layer, LayerPlan
from ..views import vector
from .dense import Dense
from .gru import GRU
from .residual import Add


@inner
def turn(y, x, row):
    """The steps of each row in the opposite order."""
    steps, d = row[table.GEOMETRY], row[table.GEOMETRY + 1]
    for r in range(x.shape[0]):
        for t in range(steps):
            out = vector(y, r * y.shape[1] + t * d, d)
            step = vector(x, r * x.shape[1] + (steps - 1 - t) * d, d)
            for k in range(d):
                out[k] = step[k]


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y_t = x_{T - 1 - t}"""
    turn(y, x, row)


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx_t = dy_{T - 1 - t}"""
    if dx.shape[0] > 0:
        turn(dx, dz, row)


@dataclass(frozen=True)
class Reverse(Layer):
    """The steps of a row in the opposite order. [t, d] to [t, d]."""

    kind = Kind("reverse", forward, backward, source="Schuster & Paliwal (1997)")

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"Reverse takes rows of shape (steps, features), got {shape}"
            )
        return LayerPlan(shape, geometry=tuple(shape))


@dataclass(frozen=True)
class Bidirectional(Layer):
    """f(x) + g(x backwards) turned round: f a list of layers, g the same ones anew.

    Outputs of a step are added. Behind a recurrence inside, a dense layer gives each
    direction weights of its own, as if states stood side by side: [GRU(6,
    return_sequences=True), Dense(12)]. ValueError where f changes the steps.
    """

    layers: Sequence[Layer]

    def __post_init__(self):
        object.__setattr__(self, "layers", tuple(self.layers))

    def build(self, graph):
        start = graph.place
        for layer in self.layers:
            layer.build(graph)
        (before, _), (after, ahead) = start, graph.place
        if len(after) != 2 or before[0] != after[0]:
            raise ValueError(
                f"Bidirectional adds step by step, and its layers make {after} of rows"
                f" of shape {before}; they must keep the steps, as"
                " return_sequences=True does"
            )
        graph.at(start)
        for layer in (Reverse(), *self.layers, Reverse()):
            layer.build(graph)
        graph.add(Add(), second=ahead)


EXAMPLES = (
    ((3, 2), Reverse()),
    ((3, 2), Bidirectional([GRU(2, return_sequences=True), Dense(3)])),
    ((2, 3), Bidirectional([Dense(2, "tanh")])),
)
