"""Atomic operations on an int64 array, for threads that work on one training.

The orderings are those of C11 (ISO/IEC 9899:2011, 7.17.3): what a thread wrote before
it stored is seen by whoever has loaded what it stored.
"""

from numba import types

from .jit import inner, intrinsic

_yield = types.ExternalFunction("sched_yield", types.int32())


def _pointer(context, builder, kind, value, index):
    data = context.make_array(kind)(context, builder, value).data
    return builder.gep(data, [index])


@intrinsic
def load(_context, array, index):
    """array[index], and all that was written before it was stored."""

    def build(context, builder, signature, arguments):
        place = _pointer(context, builder, signature.args[0], *arguments)
        return builder.load_atomic(place, "acquire", 8)

    return types.int64(array, index), build


@intrinsic
def store(_context, array, index, value):
    """array[index] = value, after all that was written before."""

    def build(context, builder, signature, arguments):
        place = _pointer(context, builder, signature.args[0], *arguments[:2])
        builder.store_atomic(arguments[2], place, "release", 8)
        return context.get_dummy_value()

    return types.void(array, index, types.int64), build


@intrinsic
def add(_context, array, index, value):
    """array[index] += value as one step; returns what was there before."""

    def build(context, builder, signature, arguments):
        place = _pointer(context, builder, signature.args[0], *arguments[:2])
        return builder.atomic_rmw("add", place, arguments[2], "acq_rel")

    return types.int64(array, index, types.int64), build


@intrinsic
def exchange(_context, array, index, expected, value):
    """array[index] = value if it is `expected`, as one step; True if it was."""

    def build(context, builder, signature, arguments):
        place = _pointer(context, builder, signature.args[0], *arguments[:2])
        result = builder.cmpxchg(place, *arguments[2:], "acq_rel", "acquire")
        return builder.extract_value(result, 1)

    return types.boolean(array, index, types.int64, types.int64), build


@inner
def pause(spins):
    """Give the core away after many loads in vain: its owner may wait for it."""
    if spins > 4000:
        _yield()
    return spins + 1
