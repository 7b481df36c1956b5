"""Neighbouring entries of an array moved at once.

A warp that reads four float32 a thread takes one instruction instead of four; Numba's
arrays promise the alignment of one entry only, so these promise more: the caller sees
to it that the entry they start from is aligned to all that is moved, or to 16 bytes.
"""

from functools import cache

from llvmlite import ir
from numba import types
from numba.np.arrayobj import make_array

from ..jit import intrinsic
from .jit import SIMULATED
from .views import vector

# Bytes of the widest load and store of a thread.
WIDEST = 16


def _pointer(context, builder, kind, value, index):
    """Where entry `index` of an array lies."""
    return builder.gep(make_array(kind)(context, builder, value).data, [index])


def _entries(count, context, builder, kind, value, at):
    """Where each of `count` entries from `at` on lies."""
    first = _pointer(context, builder, kind, value, at)
    return [builder.gep(first, [ir.IntType(32)(k)]) for k in range(count)]


def _wide(context, builder, pointer, kind, count):
    """A pointer to `count` entries as one vector, and what it is aligned to."""
    real = context.get_data_type(kind.dtype)
    size = min(WIDEST, count * context.get_abi_sizeof(real))
    return builder.bitcast(pointer, ir.VectorType(real, count).as_pointer()), size


@cache
def loader(count):
    """f(target, at, source, index): target[at + k] = source[index + k], k < count."""

    @intrinsic
    def load(_context, target, at, source, index):
        def build(context, builder, signature, arguments):
            kind = signature.args[2]
            first = _pointer(context, builder, kind, *arguments[2:])
            pointer, size = _wide(context, builder, first, kind, count)
            values = builder.load(pointer, align=size)
            to = _entries(count, context, builder, signature.args[0], *arguments[:2])
            for k, entry in enumerate(to):
                lane = ir.IntType(32)(k)
                builder.store(builder.extract_element(values, lane), entry)
            return context.get_dummy_value()

        return types.void(target, types.intp, source, types.intp), build

    return _simulated(count) if SIMULATED else load


@cache
def storer(count):
    """As `loader`, where it is target[at] that is aligned."""

    @intrinsic
    def store(_context, target, at, source, index):
        def build(context, builder, signature, arguments):
            kind = signature.args[0]
            first = _pointer(context, builder, kind, *arguments[:2])
            pointer, size = _wide(context, builder, first, kind, count)
            values = ir.Constant(pointer.type.pointee, ir.Undefined)
            of = _entries(count, context, builder, signature.args[2], *arguments[2:])
            for k, entry in enumerate(of):
                lane = ir.IntType(32)(k)
                values = builder.insert_element(values, builder.load(entry), lane)
            builder.store(values, pointer, align=size)
            return context.get_dummy_value()

        return types.void(target, types.intp, source, types.intp), build

    return _simulated(count) if SIMULATED else store


def _simulated(count):
    def move(target, at, source, index):
        vector(target, at, count)[:] = vector(source, index, count)

    return move


def aligned(array):
    """Does a device array start where the widest load may?"""
    interface = getattr(array, "__cuda_array_interface__", None)
    return interface is None or interface["data"][0] % WIDEST == 0
