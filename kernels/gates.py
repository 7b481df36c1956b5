"""sigmoid and tanh of gates: one power of two and one division each, no branch.

m(z) = exp(z) - 1 = 2^k (2^r - 1) + (2^k - 1) with z / ln 2 = k + r and |r| <= 1/2,
where 2^r - 1 is its Taylor series: exact to rounding near zero too. Then sigmoid(z) =
1 / (2 + m(-z)) and tanh(z) = m(2 z) / (2 + m(2 z)). Unlike the formulas of
`activations`, which a GPU shares, they have no branch. Relative error below 2e-6 in
float32 and 3e-15 in float64 where |z| < 20. What would be smaller than the least normal
number is that. NaN stays NaN.
Source: Cody & Waite (1980), chapter 6.
"""

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from .exponential import EXACT, from_bits
from .jit import inner, intrinsic

LN2 = math.log(2)
# By size of a number: terms of the series; the exponent's largest value; its place.
_TERMS, _LARGEST, _SHIFT = {4: 6, 8: 13}, {4: 126.0, 8: 1022.0}, {4: 23, 8: 52}


@intrinsic
def _to_bits(_context, z):
    to = types.int32 if z == types.float32 else types.int64

    def build(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(to))

    return to(z), build


def exp_less_one(z):
    """exp(z) - 1, of a float32 or float64; compiled by `_compiled` below."""
    return math.expm1(z)


@overload(exp_less_one, jit_options=EXACT, inline="never")
def _compiled(z):
    if z not in (types.float32, types.float64):
        return None
    size, real = z.bitwidth // 8, np.float32 if z == types.float32 else np.float64
    integer: Any = np.int32 if size == 4 else np.int64
    per_ln2, one = real(1 / LN2), real(1)
    low, high = real(-_LARGEST[size]), real(_LARGEST[size])
    shift = integer(_SHIFT[size])
    bias = integer((127 if size == 4 else 1023) << _SHIFT[size])
    # A number so large that its last bit is 1: adding it rounds, and leaves k there.
    round_off = real(1.5 * 2.0 ** _SHIFT[size])
    series = [LN2**n / math.factorial(n) for n in range(_TERMS[size], 0, -1)]
    terms = tuple(real(each) for each in series)

    def formula(z):
        t = z * per_ln2
        t = high if t > high else t
        t = low if t < low else t
        rounded = t + round_off
        r = t - (rounded - round_off)
        y = terms[0]
        for n in range(1, len(terms)):
            y = y * r + terms[n]
        scale = from_bits(integer(integer(_to_bits(rounded) << shift) + bias))
        return scale * (y * r) + (scale - one)

    return formula


@inner
def sigmoid(z):
    """1 / (1 + exp(-z))"""
    return type(z)(1) / (type(z)(2) + exp_less_one(-z))


@inner
def tanh(z):
    """(exp(2 z) - 1) / (exp(2 z) + 1)"""
    m = exp_less_one(z + z)
    return m / (type(z)(2) + m)
