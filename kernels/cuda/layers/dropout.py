"""Inverted dropout: the words are those of the CPU, so are the units that it keeps."""

from ... import table
from .. import rows


def forward(space, stream, layer):
    """y = x keep / (1 - rate) in training, y = x in evaluation."""
    _mask(space, stream, layer, space.values[layer + 1], space.values[layer])


def backward(space, stream, layer, dx, dy):
    """dx = dy keep / (1 - rate)"""
    _mask(space, stream, layer, dx, dy)
    space.settle(stream, layer, dx)


def _mask(space, stream, layer, out, source):
    least, scale = rows.dropout_of(space.net.nodes[layer].layer.setting)
    blocks = rows.dropout.blocks(rows.draws(*out.shape))
    number = int(space.table[layer][table.STREAM])
    rows.dropout.launch(
        space.dtype,
        blocks,
        stream,
        out,
        source,
        space.keys,
        space.place,
        number,
        least,
        scale,
    )
