"""Storage of waiting activations in IEEE half precision, two bytes each.

Arithmetic stays in the network's dtype: values are rounded to the nearest half when
stored and widened when backward needs them. Source of the practice: Jain et al. (2018),
"Gist", section 3.2; Micikevicius et al. (2018) for half precision in training.
"""

from llvmlite import ir
from numba import types

from .jit import intrinsic, jit


@intrinsic
def _to_half(_context, value):
    def build(_, builder, __, arguments):
        # Processors convert from single precision only; a double goes through it.
        single = arguments[0]
        if value == types.float64:
            single = builder.fptrunc(single, ir.FloatType())
        half = builder.fptrunc(single, ir.HalfType())
        return builder.bitcast(half, ir.IntType(16))

    return types.uint16(value), build


@intrinsic
def _from_half_to_single(_context, bits):
    def build(_, builder, __, arguments):
        half = builder.bitcast(arguments[0], ir.HalfType())
        return builder.fpext(half, ir.FloatType())

    return types.float32(bits), build


@jit
def pack(stored, x):
    """stored = half(x). stored: uint16[m], the bits of IEEE binary16; x: float[m]."""
    for i in range(x.size):
        stored[i] = _to_half(x[i])


@jit
def unpack(x, stored):
    """x = stored, widened. x: float[m]; stored: uint16[m]."""
    for i in range(x.size):
        x[i] = _from_half_to_single(stored[i])
