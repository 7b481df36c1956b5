"""Storage of waiting activations in two bytes each: IEEE binary16, or bfloat16.

Arithmetic stays in the network's dtype: a float32 is rounded to the nearest, ties to
even, when stored (a float64 to a float32 first), and widened when backward needs it.
binary16 has 11 significant bits and ends at 65,504; bfloat16 has 8, and the range of
float32. Source of the
practice: Jain et al. (2018), "Gist", section 3.2; Micikevicius et al. (2018) for half
precision in training; Kalamkar et al. (2019), "A study of bfloat16 for deep learning
training".
"""

from llvmlite import ir
from numba import types

from .jit import intrinsic, jit

# Format -> its number in the layer table.
FORMATS = {"float16": 0, "bfloat16": 1}
_BFLOAT16 = FORMATS["bfloat16"]
_I16, _I32 = ir.IntType(16), ir.IntType(32)


def _single(builder, argument, kind):
    """Processors convert from single precision only; a double goes through it."""
    if kind == types.float64:
        return builder.fptrunc(argument, ir.FloatType())
    return argument


@intrinsic
def _to_half(_context, value):
    def build(_, builder, __, arguments):
        half = builder.fptrunc(_single(builder, arguments[0], value), ir.HalfType())
        return builder.bitcast(half, _I16)

    return types.uint16(value), build


@intrinsic
def _from_half(_context, bits):
    def build(_, builder, __, arguments):
        half = builder.bitcast(arguments[0], ir.HalfType())
        return builder.fpext(half, ir.FloatType())

    return types.float32(bits), build


@intrinsic
def _to_bfloat(_context, value):
    """The upper half of a float32's bits, after half of the last place is added.

    A NaN, whose digits could carry into infinity, is cut off and stays one.
    """

    def build(_, builder, __, arguments):
        single = _single(builder, arguments[0], value)
        bits = builder.bitcast(single, _I32)
        upper = builder.lshr(bits, _I32(16))
        odd = builder.and_(upper, _I32(1))
        raised = builder.add(builder.add(bits, _I32(0x7FFF)), odd)
        nearest = builder.lshr(raised, _I32(16))
        nan = builder.fcmp_unordered("uno", single, single)
        found = builder.select(nan, builder.or_(upper, _I32(0x40)), nearest)
        return builder.trunc(found, _I16)

    return types.uint16(value), build


@intrinsic
def _from_bfloat(_context, bits):
    def build(_, builder, __, arguments):
        wide = builder.shl(builder.zext(arguments[0], _I32), _I32(16))
        return builder.bitcast(wide, ir.FloatType())

    return types.float32(bits), build


@jit
def pack(stored, x, number):
    """stored = x in two bytes. stored: uint16[m], bits of format `number`; x: float[m].

    Beyond the largest of a format is infinity.
    """
    if number == _BFLOAT16:
        for i in range(x.size):
            stored[i] = _to_bfloat(x[i])
    else:
        for i in range(x.size):
            stored[i] = _to_half(x[i])


@jit
def unpack(x, stored, number):
    """x = stored, widened. x: float[m]; stored: uint16[m], bits of format `number`."""
    if number == _BFLOAT16:
        for i in range(x.size):
            x[i] = _from_bfloat(stored[i])
    else:
        for i in range(x.size):
            x[i] = _from_half(stored[i])
