"""Vector registers in kernels: rows of vectors, square blocks, arrays on the stack.

The compiler's own vectors may be half as wide as the processor's, and it does not keep
a block of sums in registers; what is here says so to LLVM directly.
"""

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array, populate_array

from .jit import inner, intrinsic
from .views import vector

INT, LANE = ir.IntType(64), ir.IntType(32)
_BIT = ir.IntType(1)


def _register_bytes():
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx") else 16


BYTES = _register_bytes()


def _masked(builder, action, vector_type):
    """The intrinsic that loads or stores some lanes of a vector."""
    mask = ir.VectorType(_BIT, vector_type.count)
    pointer = vector_type.as_pointer()
    if action == "load":
        kind = ir.FunctionType(vector_type, [pointer, LANE, mask, vector_type])
    else:
        kind = ir.FunctionType(ir.VoidType(), [vector_type, pointer, LANE, mask])
    letter = "f" + ("32" if isinstance(vector_type.element, ir.FloatType) else "64")
    name = f"llvm.masked.{action}.v{vector_type.count}{letter}.p0"
    return cgutils.get_or_insert_function(builder.module, kind, name)


class Lanes:
    """Loads and stores of a row of vectors, the last of them perhaps in part."""

    def __init__(self, builder, real, vectors, width):
        self.builder, self.vectors = builder, vectors
        self.size = 4 if isinstance(real, ir.FloatType) else 8
        self.count = BYTES // self.size
        self.type = ir.VectorType(real, self.count)
        self.zero = ir.Constant(self.type, [0.0] * self.count)
        self.mask = None if width is None else self._mask(width)

    def _mask(self, width):
        whole = ir.Constant(INT, (self.vectors - 1) * self.count)
        self.left = self.builder.sub(width, whole)
        left = self.splat(self.left)
        numbers = ir.Constant(left.type, list(range(self.count)))
        return self.builder.icmp_signed("<", numbers, left)

    def splat(self, value):
        """A vector with a value in every lane."""
        kind = ir.VectorType(value.type, self.count)
        first = self.builder.insert_element(
            ir.Constant(kind, ir.Undefined), value, ir.Constant(LANE, 0)
        )
        lanes = ir.Constant(ir.VectorType(LANE, self.count), [0] * self.count)
        return self.builder.shuffle_vector(first, first, lanes)

    def _place(self, pointer, number):
        moved = self.builder.gep(pointer, [ir.Constant(INT, number * self.count)])
        return self.builder.bitcast(moved, self.type.as_pointer())

    def _partly(self, number):
        return self.mask is not None and number == self.vectors - 1

    def load(self, pointer, number):
        """Vector `number` of the row at a pointer."""
        place = self._place(pointer, number)
        if not self._partly(number):
            return self.builder.load(place, align=self.size)
        call = _masked(self.builder, "load", self.type)
        align = ir.Constant(LANE, self.size)
        return self.builder.call(call, (place, align, self.mask, self.zero))

    def store(self, value, pointer, number):
        """Write vector `number` of the row at a pointer."""
        place = self._place(pointer, number)
        if not self._partly(number):
            self.builder.store(value, place, align=self.size)
            return
        if BYTES == 64:
            call = _masked(self.builder, "store", self.type)
            align = ir.Constant(LANE, self.size)
            self.builder.call(call, (value, place, align, self.mask))
        else:
            self._store_first(value, pointer, number)

    def _store_first(self, value, pointer, number):
        """Store the first lanes by halves: quicker than by a mask without AVX-512."""
        builder = self.builder
        place, left = self._place(pointer, number), self.left
        with builder.if_else(
            builder.icmp_signed(">=", left, ir.Constant(INT, self.count))
        ) as (whole, part):
            with whole:
                builder.store(value, place, align=self.size)
            with part:
                moved = builder.gep(pointer, [ir.Constant(INT, number * self.count)])
                half = self.count // 2
                while half:
                    low, high = (
                        builder.shuffle_vector(
                            value,
                            value,
                            ir.Constant(
                                ir.VectorType(LANE, half),
                                list(range(first, first + half)),
                            ),
                        )
                        for first in (0, half)
                    )
                    bit = builder.and_(left, ir.Constant(INT, half))
                    taken = builder.icmp_signed("!=", bit, ir.Constant(INT, 0))
                    with builder.if_then(taken):
                        at = builder.bitcast(moved, low.type.as_pointer())
                        builder.store(low, at, align=self.size)
                    moved = builder.gep(moved, [bit])
                    value = builder.select(taken, high, low)
                    half //= 2


def _build_flip(context, builder, signature, arguments):
    to, source = (
        context.make_array(kind)(context, builder, value).data
        for kind, value in zip(signature.args[:2], arguments[:2], strict=True)
    )
    real = context.get_value_type(signature.args[0].dtype)
    lanes = Lanes(builder, real, 1, None)
    count, (to_row, source_row) = lanes.count, arguments[3:]
    to_at, source_at = cgutils.unpack_tuple(builder, arguments[2], 2)

    def row(array, start, stride, number):
        at = builder.add(start, builder.mul(stride, ir.Constant(INT, number)))
        return builder.gep(array, [at])

    rows = [lanes.load(row(source, source_at, source_row, r), 0) for r in range(count)]
    pairs = [(k, count + k) for k in range(count)]
    numbers = [number for pair in pairs for number in pair]
    kind = ir.VectorType(LANE, count)
    low = ir.Constant(kind, numbers[:count])
    high = ir.Constant(kind, numbers[count:])
    # Interleaving rows k and k + count/2, as often as count has bits, transposes.
    for _ in range(count.bit_length() - 1):
        halves = zip(rows[: count // 2], rows[count // 2 :], strict=True)
        rows = [
            builder.shuffle_vector(a, b, order)
            for a, b in halves
            for order in (low, high)
        ]
    for r in range(count):
        lanes.store(rows[r], row(to, to_at, to_row, r), 0)
    return context.get_dummy_value()


@intrinsic
def _flip(_context, to, source, starts, to_row, source_row):
    """Transpose a square block of as many rows as a register has lanes."""
    place = types.UniTuple(types.int64, 2)
    sig = types.void(to, source, place, types.int64, types.int64)
    return sig, _build_flip


@inner
def transpose(to, source, starts, sizes, strides):
    """to[c, r] = source[r, c] for r < sizes[0], c < sizes[1]; strides of to, source."""
    (rows, columns), (to0, source0), (to_row, source_row) = sizes, starts, strides
    lanes = BYTES // to.itemsize
    whole_rows, whole_columns = rows - rows % lanes, columns - columns % lanes
    for r in range(0, whole_rows, lanes):
        for c in range(0, whole_columns, lanes):
            at = (to0 + c * to_row + r, source0 + r * source_row + c)
            _flip(to, source, at, to_row, source_row)
    flat, other = vector(to, to0, 0), vector(source, source0, 0)
    for r in range(rows):
        first = whole_columns if r < whole_rows else 0
        for c in range(first, columns):
            flat[c * to_row + r] = other[r * source_row + c]


def on_stack(size):
    """An array of so many bytes on the stack, in the dtype of the argument."""

    def build(context, builder, signature, _arguments):
        real = context.get_value_type(signature.args[0].dtype)
        itemsize = context.get_abi_sizeof(real)
        with builder.goto_entry_block():  # not `alloca_once`, which fills with zeros
            place = builder.alloca(ir.ArrayType(real, size // itemsize))
        place.align = BYTES
        view = make_array(signature.return_type)(context, builder)
        step = ir.Constant(INT, itemsize)
        populate_array(
            view,
            data=builder.bitcast(place, real.as_pointer()),
            shape=[ir.Constant(INT, size // itemsize)],
            strides=[step],
            itemsize=step,
            meminfo=None,
        )
        return view._getvalue()

    @intrinsic
    def stack(_context, like):
        """float[size / itemsize], uninitialised; gone when the caller returns."""
        return types.Array(like.dtype, 1, "C")(like), build

    return stack
