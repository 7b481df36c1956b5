"""Numbers up to 1 in size as one byte each: dynamic quantisation, block by block.

Of eight bits a code spends as many on the size as a number needs, the others on its
digits: seven decades from 1 down, the upper of 64 equal steps (of 128 without a sign),
each lower one of half as many. A block of numbers is divided by its largest, which is
kept beside the codes. Source: Dettmers, Lewis, Shleifer & Zettlemoyer (2022), "8-bit
optimizers via block-wise quantization", sections 1.3, 2.1 and 2.2.
"""

import numpy as np
from llvmlite import ir
from numba import types

from .jit import inner, intrinsic

BLOCK = 2048  # numbers that share a scale: section 2.1
_DECADES = 7


def values_of_codes(signed):
    """float64[256], rising: what the codes stand for, see above; 0 and 1 among them.

    A decade is cut into equal steps, and a code stands for the middle of its step.
    """
    found = [0.0, 1.0]
    for decade in range(_DECADES):
        steps = 2 ** (decade + (0 if signed else 1))
        edges = np.linspace(0.1, 1.0, steps + 1)
        middles = (edges[:-1] + edges[1:]) / 2 * 10.0 ** (decade - _DECADES + 1)
        found += [*middles, *(-middles if signed else ())]
    return np.sort(found)


SIGNED, UNSIGNED = values_of_codes(True), values_of_codes(False)
_ZERO = int(np.searchsorted(SIGNED, 0.0))
# Sizes fall into cells of one exponent and six digits of a float32, counted from 2^-25
# on, below which all is 0.
_DIGITS, _LEAST = 6, -25
_FIRST = (127 + _LEAST) << _DIGITS


def _edges_and_starts(values):
    """(edges, starts, most) of rising values from 0 on, for `_nearest`.

    edges: float64, from each on the next value is nearer, infinite behind the last.
    starts: uint8, how many edges lie below the cell before a cell, so that rounding to
    a float32 passes none; most: edges that may be passed from there.
    """
    middles = (values[:-1] + values[1:]) / 2
    exponents, digits = np.divmod(np.arange(-1, -_LEAST << _DIGITS), 1 << _DIGITS)
    lower = np.ldexp(1 + digits / (1 << _DIGITS), exponents + _LEAST)
    below = np.searchsorted(middles, lower)
    most = int(max(below[2:] - below[:-2]))
    edges = np.append(middles, np.full(most + 1, np.inf))
    return edges, below[:-1].astype(np.uint8), most


_SIGNED_EDGES, _SIGNED_STARTS, _SIGNED_MOST = _edges_and_starts(SIGNED[_ZERO:])
_EDGES, _STARTS, _MOST = _edges_and_starts(UNSIGNED)


@intrinsic
def _cell_of(_context, size):
    """The exponent and the upper digits of a number from 0 on, as one whole number."""

    def build(_, builder, __, arguments):
        single = arguments[0]
        if size == types.float64:
            single = builder.fptrunc(single, ir.FloatType())
        bits = builder.bitcast(single, ir.IntType(32))
        cell = builder.lshr(bits, ir.IntType(32)(23 - _DIGITS))
        return builder.zext(cell, ir.IntType(64))

    return types.int64(size), build


@inner
def _nearest(size, edges, starts, most):
    """The place of the nearest value: how many edges lie below a size from 0 to 1."""
    cell = min(max(_cell_of(size) - _FIRST, 0), starts.size - 1)
    place = np.int64(starts[cell])
    for _ in range(most):
        place += 1 if size > edges[place] else 0
    return place


@inner
def signed_code(x):
    """The code of the nearest to x of `SIGNED`, x from -1 to 1; any of NaN.

    Below zero all is mirrored, but for -1, which has no code.
    """
    place = _nearest(abs(x), _SIGNED_EDGES, _SIGNED_STARTS, _SIGNED_MOST)
    return np.uint8(_ZERO + place if x >= 0 else max(_ZERO - place, 0))


@inner
def unsigned_code(x):
    """The code of the nearest to x of `UNSIGNED`, x from 0 to 1; any of NaN."""
    return np.uint8(_nearest(x, _EDGES, _STARTS, _MOST))
