"""The matrix products of a dense layer, by tiles of the output, a block each.

Each kernel is compiled for every tile of `TILES`; `tiled_product` is what a block does.
"""

import numpy as np

from ..activations import ACTIVATIONS
from ..jit import inner
from .formulas import activation, activation_slope
from .gpu import gpu
from .jit import SIMULATED, kernel
from .operands import rows_across, rows_along
from .tile import QUAD, TILES, tile_for
from .tiled_product import tiled_product
from .vectors import aligned
from .views import vector

IDENTITY = ACTIVATIONS["identity"].number


@inner
def _activated(z, place, column, bias, number):
    return activation(number, z + bias[column])


@inner
def _sloped(z, place, column, values, number):
    return z if number == IDENTITY else z * activation_slope(number, values[place])


@inner
def _plain(z, place, column, other, number):
    return z


def _product(tile):
    tiled = tiled_product(tile, rows_along, rows_across, _activated)

    @kernel("mmvnnn", f"product[{tile.name}]", **tile.options)
    def product(y, x, params, start, number, whole):
        """y = f(x W + bias). y: real[b, o]; x: real[b, i].

        params: real[n] with W[i, o] and bias[o] from `start` on; number: of f.
        """
        (b, o), i = y.shape, x.shape[1]
        w, bias = vector(params, start, i * o), vector(params, start + i * o, o)
        y, x = vector(y, 0, b * o), vector(x, 0, b * i)
        tiled(y, x, w, (b, o, i), whole, bias, number)

    return product


def _product_transposed(tile):
    tiled = tiled_product(tile, rows_along, rows_along, _sloped)

    @kernel("mmvnmnn", f"product_transposed[{tile.name}]", **tile.options)
    def product_transposed(dx, dz, params, start, values, number, whole):
        """dx = dz W^T f'(v). dx, values: real[b, i]; dz: real[b, o].

        params: real[n] with W[i, o] from `start` on; number: of f, whose slope is of
        `values`, unread where f is the identity.
        """
        (b, i), o = dx.shape, dz.shape[1]
        w, v = vector(params, start, i * o), vector(values, 0, b * i)
        dx, dz = vector(dx, 0, b * i), vector(dz, 0, b * o)
        tiled(dx, dz, w, (b, i, o), whole, v, number)

    return product_transposed


def _outer_sum(tile):
    tiled = tiled_product(tile, rows_across, rows_across, _plain)

    @kernel("vnmmn", f"outer_sum[{tile.name}]", **tile.options)
    def outer_sum(grad, start, x, dz, whole):
        """dW = x^T dz. grad: real[n] with dW[i, o] from `start` on.

        x: real[b, i]; dz: real[b, o].
        """
        (b, i), o = x.shape, dz.shape[1]
        dw = vector(grad, start, i * o)
        x, dz = vector(x, 0, b * i), vector(dz, 0, b * o)
        tiled(dw, x, dz, (i, o, b), whole, dw, IDENTITY)

    return outer_sum


_PRODUCTS = {tile: _product(tile) for tile in TILES}
_PRODUCTS_TRANSPOSED = {tile: _product_transposed(tile) for tile in TILES}
_OUTER_SUMS = {tile: _outer_sum(tile) for tile in TILES}


def product(dtype, stream, y, x, params, start, number, tile=None):
    """y = f(x W + bias) on a stream. y: real[b, o]; x: real[b, i]; device arrays.

    params: real[n] with W[i, o] and bias[o] from `start` on; number: of f. tile: of
    `TILES`, or None for that of `tile_for`.
    """
    (b, o), i = y.shape, x.shape[1]
    whole = _whole((i, o, start), x, params)
    arguments = (y, x, params, start, number, whole)
    _launch(_PRODUCTS, dtype, stream, (b, o, i), tile, arguments)


def product_transposed(dtype, stream, dx, dz, params, start, values, number, tile=None):
    """dx = dz W^T f'(v) on a stream, as `product`. dx, values: real[b, i].

    dz: real[b, o]; number: of f, whose slope is of `values`, unread where f is the
    identity.
    """
    (b, i), o = dx.shape, dz.shape[1]
    whole = _whole((o, start), dz, params)
    arguments = (dx, dz, params, start, values, number, whole)
    _launch(_PRODUCTS_TRANSPOSED, dtype, stream, (b, i, o), tile, arguments)


def outer_sum(dtype, stream, grad, start, x, dz, tile=None):
    """dW = x^T dz on a stream, as `product`. grad: real[n] with dW[i, o] from `start`.

    x: real[b, i]; dz: real[b, o].
    """
    (b, i), o = x.shape, dz.shape[1]
    arguments = (grad, start, x, dz, _whole((i, o), x, dz))
    _launch(_OUTER_SUMS, dtype, stream, (i, o, b), tile, arguments)


def _whole(sizes, *arrays):
    """May quads be read at once? Rows and starts of so many entries, these arrays."""
    return int(all(size % QUAD == 0 for size in sizes) and all(map(aligned, arrays)))


def _launch(kernels, dtype, stream, sizes, tile, arguments):
    rows, columns, depth = sizes
    if tile is None and SIMULATED:
        tile = TILES[-1]  # the others have too many threads to be simulated
    tile = tile or tile_for(dtype, rows, columns, depth, gpu().multiprocessors)
    shared = tile.entries * np.dtype(dtype).itemsize
    blocks = tile.blocks(rows, columns)
    kernels[tile].launch(dtype, blocks, stream, *arguments, shared=shared)
