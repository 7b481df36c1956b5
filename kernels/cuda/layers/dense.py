"""Dense layer with its bias and activation: y = f(x W + b)."""

from ... import table
from .. import rows


def forward(space, stream, layer):
    """y = f(x W + b)"""
    row = space.table[layer]
    y, x = space.values[layer + 1], space.values[layer]
    place, number = int(row[table.START]), int(row[table.ACTIVATION])
    space.products.product(space.dtype, stream, y, x, space.params, place, number)


def backward(space, stream, layer, dx, dy):
    """dx = dz W^T, times the slope of the layer below; dz = dy, see `layers`."""
    values, number = space.below(layer)
    space.products.product_transposed(
        space.dtype,
        stream,
        dx,
        dy,
        space.params,
        int(space.table[layer][table.START]),
        values,
        number,
    )


def gradient(space, stream, layer, dy):
    """dW = x^T dz, db = sum over the batch of dz."""
    row = space.table[layer]
    start, inputs, outputs = (
        int(row[table.START]),
        int(row[table.INPUTS]),
        int(row[table.OUTPUTS]),
    )
    x, dtype = space.values[layer], space.dtype
    space.products.outer_sum(dtype, stream, space.grad, start, x, dy)
    rows.bias_sums.launch(
        dtype,
        rows.column_blocks(outputs),
        stream,
        space.grad,
        dy,
        start + inputs * outputs,
    )
