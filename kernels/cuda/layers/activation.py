"""Activation as a layer of its own: y = f(x), element by element."""

from ... import table
from ...activations import slope_from_input
from .. import rows
from ..views import flat


def forward(space, stream, layer):
    """y = f(x)"""
    y, x = flat(space.values[layer + 1]), flat(space.values[layer])
    number = int(space.table[layer][table.ACTIVATION])
    blocks = rows.activation.blocks(y.size)
    rows.activation.launch(space.dtype, blocks, stream, y, x, number)


def backward(space, stream, layer, dx, dy):
    """dx = dy f'(x), the slope taken from y where it can be."""
    number = int(space.table[layer][table.ACTIVATION])
    values = space.values[layer if slope_from_input(number) else layer + 1]
    space.chain(stream, dx, dy, values, number)
    space.settle(stream, layer, dx)
