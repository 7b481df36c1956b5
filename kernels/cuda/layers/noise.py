"""Gaussian noise added to its input in training."""

from ... import table
from .. import rows


def forward(space, stream, layer):
    """y = x + deviation N(0, 1) in training, y = x in evaluation."""
    y, x = space.values[layer + 1], space.values[layer]
    blocks = rows.noise.blocks(rows.draws(*y.shape))
    number, deviation = (
        int(space.table[layer][table.STREAM]),
        space.net.nodes[layer].layer.setting,
    )
    rows.noise.launch(
        space.dtype, blocks, stream, y, x, space.keys, space.place, number, deviation
    )


def backward(space, stream, layer, dx, dy):
    """dx = dy"""
    space.copy(stream, dx, dy)
    space.settle(stream, layer, dx)
