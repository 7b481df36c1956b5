"""Activation as a layer of its own: y = f(x), element by element."""

from dataclasses import dataclass, replace

from .. import table
from ..activations import ACTIVATIONS, apply, chain, slope_from_input
from ..elementwise import copy
from ..layer import Kind, Layer, LayerPlan
from ..validation import check_choice
from ..views import vector


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = f(x)"""
    apply(vector(y, 0, y.size), vector(x, 0, x.size), row[table.ACTIVATION])


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dy f'(x), the slope taken from y where it can be."""
    if dx.shape[0] > 0:
        copy(dx, dz)
        number = row[table.ACTIVATION]
        if slope_from_input(number):
            chain(dx, x, number)
        else:
            chain(dx, y, number)


@dataclass(frozen=True)
class Activation(Layer):
    """y = f(x), entry by entry; activation: a key of `ACTIVATIONS`. Any shape."""

    activation: str = "relu"
    kind = Kind(
        "activation",
        forward,
        backward,
        source="see `activations`",
        in_place=True,
    )

    def __post_init__(self):
        check_choice("activation", self.activation, ACTIVATIONS)

    def plan(self, shape):
        return LayerPlan(shape)


def build_activated(layer, graph):
    """Put a layer that ends in an activation behind the last of a graph.

    An activation whose slope needs its input is a layer of its own.
    """
    fused = ACTIVATIONS[layer.activation].slope_from_output
    graph.add(layer if fused else replace(layer, activation="identity"))
    if not fused:
        graph.add(Activation(layer.activation))


EXAMPLES = tuple(((5,), Activation(name)) for name in ACTIVATIONS)
