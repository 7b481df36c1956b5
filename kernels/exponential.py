"""exp as a formula that vectorises: the C library's is one call an element.

exp(z) = 2^k exp(r) with k = round(z / ln 2) and |r| <= ln 2 / 2, exp(r) by its Taylor
series. Cody & Waite (1980), chapter 6, for the reduction in two parts. Relative error
below 4e-7 in float32 and 1e-15 in float64; NaN stays NaN, and what overflows is
infinite.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import overload

from .jit import OPTIONS, intrinsic

# Where exp is infinite or zero: beyond, the exponent's bits would overflow.
_HIGH, _LOW = {4: 89.0, 8: 710.0}, {4: -104.0, 8: -746.0}
# ln 2 in two parts: the first has so few bits that its multiples are exact.
_LN2 = {
    4: (0.693359375, -2.12194440e-4),
    8: (0.693145751953125, 1.42860682030941723212e-6),
}
_TERMS = {4: 7, 8: 13}
# Without `reassoc`, which would join the two parts of ln 2 again.
EXACT: Any = {**OPTIONS, "fastmath": {"contract"}}
_BITS = {4: (np.int32, 127, 23), 8: (np.int64, 1023, 52)}


@intrinsic
def from_bits(_context, bits):
    single = bits == types.int32
    to, real = (
        (types.float32, ir.FloatType) if single else (types.float64, ir.DoubleType)
    )
    return to(bits), lambda _, builder, __, values: builder.bitcast(values[0], real())


def exp(z):
    """exp(z), of a float32 or float64; compiled by `_compiled_exp` below."""
    return math.exp(z)


@overload(exp, jit_options=EXACT, inline="never")
def _compiled_exp(z):
    if z not in (types.float32, types.float64):
        return None
    size, real = z.bitwidth // 8, np.float32 if z == types.float32 else np.float64
    high, low, per_ln2 = real(_HIGH[size]), real(_LOW[size]), real(1 / math.log(2))
    first, second = (real(part) for part in _LN2[size])
    integer, bias, shift = _BITS[size]
    terms = tuple(real(1 / math.factorial(n)) for n in range(_TERMS[size], -1, -1))
    bias, shift, one, zero = integer(bias), integer(shift), integer(1), real(0)

    def formula(z):
        z = high if z > high else z
        z = low if z < low else z
        k = np.rint(z * per_ln2)
        r = z - k * first
        r -= k * second
        y = terms[0]
        for n in range(1, len(terms)):
            y = y * r + terms[n]
        # An integer of NaN is undefined; y is NaN then, whatever it is multiplied by.
        whole = integer(k if k == k else zero)
        half = whole >> one
        left = integer(integer(half + bias) << shift)
        right = integer(integer(integer(whole - half) + bias) << shift)
        return y * from_bits(left) * from_bits(right)

    return formula
