"""Activation as a layer of its own, for those whose slope needs the input (GELU)."""

from ...table import ACTIVATION
from .. import rows
from ..views import flat


def forward(space, stream, layer):
    """y = f(x)"""
    y, x = flat(space.values[layer + 1]), flat(space.values[layer])
    number = int(space.table[layer][ACTIVATION])
    blocks = rows.activation.blocks(y.size)
    rows.activation.launch(space.dtype, blocks, stream, y, x, number)


def backward(space, stream, layer, dx, dy):
    """dx = dy f'(x)"""
    number = int(space.table[layer][ACTIVATION])
    space.chain(stream, dx, dy, space.values[layer], number)
    space.settle(stream, layer, dx)
