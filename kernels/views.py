"""Views into arrays for kernels: a start and a shape, without checks and without count.

Slicing and reshaping count references by atomic operations and call into Numba's
runtime; in a step of microseconds over a handful of layers that costs as much as the
matrix products. These views borrow: the array they look into must outlive them, and
nothing checks that they stay inside it.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array, populate_array

from .jit import intrinsic


def _build(shape_of):
    """Code of a view: its shape from the arguments, its data from the start on."""

    def build(context, builder, signature, arguments):
        source = make_array(signature.args[0])(context, builder, arguments[0])
        kind, shape = (
            signature.return_type,
            shape_of(context, builder, source, arguments),
        )
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        strides, step = [], ir.Constant(ir.IntType(64), size)
        for extent in reversed(shape):
            strides.insert(0, step)
            step = builder.mul(step, extent)
        view = make_array(kind)(context, builder)
        populate_array(
            view,
            data=builder.gep(source.data, [arguments[1]]),
            shape=cgutils.pack_array(builder, shape),
            strides=cgutils.pack_array(builder, strides),
            itemsize=ir.Constant(ir.IntType(64), size),
            meminfo=None,
        )
        return view._getvalue()

    return build


@intrinsic
def vector(_context, array, start, size):
    """float[size] from entry `start` of a C-contiguous array, counted flat."""
    kind = types.Array(array.dtype, 1, "C")
    sig = kind(array, types.intp, types.intp)
    return sig, _build(lambda _, __, ___, arguments: [arguments[2]])


@intrinsic
def matrix(_context, array, start, rows, columns):
    """float[rows, columns] from entry `start` of a C-contiguous array, counted flat."""
    kind = types.Array(array.dtype, 2, "C")
    sig = kind(array, types.intp, types.intp, types.intp)
    return sig, _build(lambda _, __, ___, arguments: list(arguments[2:]))


@intrinsic
def bytes_from(_context, array, start, size):
    """uint8[size] in the place of entries of a C-contiguous array, from `start` on."""

    def build(context, builder, signature, arguments):
        source = make_array(signature.args[0])(context, builder, arguments[0])
        kind, byte = signature.return_type, ir.IntType(8).as_pointer()
        one = ir.Constant(ir.IntType(64), 1)
        view = make_array(kind)(context, builder)
        populate_array(
            view,
            data=builder.bitcast(builder.gep(source.data, [arguments[1]]), byte),
            shape=cgutils.pack_array(builder, [arguments[2]]),
            strides=cgutils.pack_array(builder, [one]),
            itemsize=one,
            meminfo=None,
        )
        return view._getvalue()

    return types.Array(types.uint8, 1, "C")(array, types.intp, types.intp), build


@intrinsic
def from_column(_context, state, first):
    """state[:, first:] in the shape and type of state, C-contiguous float[slots, n].

    Its rows are as far apart as those of state. Only the columns that state has behind
    `first` may be touched.
    """

    def shape(_, builder, source, __):
        return cgutils.unpack_tuple(builder, source.shape, 2)

    return state(state, types.intp), _build(shape)


@intrinsic
def borrowed(_context, value):
    """A tuple whose arrays, in depth, are views: taking them out counts nothing.

    The tuple given must outlive it.
    """

    def lent(context, builder, kind, one):
        if isinstance(kind, types.Array):
            view = make_array(kind)(context, builder, one)
            view.meminfo = cgutils.get_null_value(view.meminfo.type)
            view.parent = cgutils.get_null_value(view.parent.type)
            return view._getvalue()
        if isinstance(kind, types.BaseTuple):
            inside_it: Any = kind
            for place, inside in enumerate(inside_it):
                part = builder.extract_value(one, place)
                part = lent(context, builder, inside, part)
                one = builder.insert_value(one, part, place)
        return one

    def build(context, builder, signature, arguments):
        return lent(context, builder, signature.args[0], arguments[0])

    return value(value), build
