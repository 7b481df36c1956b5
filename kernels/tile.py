"""Matrix products of small matrices, tile by tile in vector registers.

A library's gemm copies its operands into an order of its own before it multiplies;
where matrices are small, that takes longer than the product. Here a tile of the result
stays in registers while the rows of one operand and the entries of the other stream by.
Source: Goto & van de Geijn (2008), section 6, the inner kernel alone; Frison et al.
(2018), section 3, for leaving the copies out where matrices fit the cache.
"""

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array, populate_array

from .jit import inner, intrinsic
from .views import vector

_INT, _BIT, _LANE = ir.IntType(64), ir.IntType(1), ir.IntType(32)
_CONTRACT = ("contract",)


def _register_bytes():
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx") else 16


# Rows of a tile: with two vectors a row, enough sums to hide the latency of a
# multiply-add, few enough for the registers (32 of 64 bytes, else 16).
BYTES = _register_bytes()
ROWS = 8 if BYTES == 64 else 4


def _masked(builder, action, vector_type):
    """The intrinsic that loads or stores some lanes of a vector."""
    mask = ir.VectorType(_BIT, vector_type.count)
    pointer = vector_type.as_pointer()
    if action == "load":
        kind = ir.FunctionType(vector_type, [pointer, _LANE, mask, vector_type])
    else:
        kind = ir.FunctionType(ir.VoidType(), [vector_type, pointer, _LANE, mask])
    letter = "f" + ("32" if isinstance(vector_type.element, ir.FloatType) else "64")
    name = f"llvm.masked.{action}.v{vector_type.count}{letter}.p0"
    return cgutils.get_or_insert_function(builder.module, kind, name)


class _Lanes:
    """Loads and stores of a row of vectors, the last of them perhaps in part."""

    def __init__(self, builder, real, vectors, width):
        self.builder, self.vectors = builder, vectors
        self.size = 4 if isinstance(real, ir.FloatType) else 8
        self.count = BYTES // self.size
        self.type = ir.VectorType(real, self.count)
        self.zero = ir.Constant(self.type, [0.0] * self.count)
        self.mask = None if width is None else self._mask(width)

    def _mask(self, width):
        whole = ir.Constant(_INT, (self.vectors - 1) * self.count)
        left = self.splat(self.builder.sub(width, whole))
        numbers = ir.Constant(left.type, list(range(self.count)))
        return self.builder.icmp_signed("<", numbers, left)

    def splat(self, value):
        """A vector with a value in every lane."""
        kind = ir.VectorType(value.type, self.count)
        first = self.builder.insert_element(
            ir.Constant(kind, ir.Undefined), value, ir.Constant(_LANE, 0)
        )
        lanes = ir.Constant(ir.VectorType(_LANE, self.count), [0] * self.count)
        return self.builder.shuffle_vector(first, first, lanes)

    def _place(self, pointer, number):
        moved = self.builder.gep(pointer, [ir.Constant(_INT, number * self.count)])
        return self.builder.bitcast(moved, self.type.as_pointer())

    def _partly(self, number):
        return self.mask is not None and number == self.vectors - 1

    def load(self, pointer, number):
        """Vector `number` of the row at a pointer."""
        place = self._place(pointer, number)
        if not self._partly(number):
            return self.builder.load(place, align=self.size)
        call = _masked(self.builder, "load", self.type)
        align = ir.Constant(_LANE, self.size)
        return self.builder.call(call, (place, align, self.mask, self.zero))

    def store(self, value, pointer, number):
        """Write vector `number` of the row at a pointer."""
        place = self._place(pointer, number)
        if not self._partly(number):
            self.builder.store(value, place, align=self.size)
            return
        call = _masked(self.builder, "store", self.type)
        align = ir.Constant(_LANE, self.size)
        self.builder.call(call, (value, place, align, self.mask))


def _tile(rows, vectors, masked, transposed):
    """A tile's product, for a number of rows and of vectors a row."""

    def build(context, builder, signature, arguments):
        c, a, b = (
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[:3], arguments[:3], strict=True)
        )
        real = context.get_value_type(signature.args[0].dtype)
        places = cgutils.unpack_tuple(builder, arguments[3], 3)
        ldc, lda, ldb = cgutils.unpack_tuple(builder, arguments[4], 3)
        depth, width = arguments[5:]
        c, a, b = (
            builder.gep(p, [at]) for p, at in zip((c, a, b), places, strict=True)
        )
        lanes = _Lanes(builder, real, vectors, width if masked else None)
        sums = [
            [cgutils.alloca_once_value(builder, lanes.zero) for _ in range(vectors)]
            for _ in range(rows)
        ]
        offset = [builder.mul(lda, ir.Constant(_INT, r)) for r in range(rows)]
        with cgutils.for_range(builder, depth) as loop:
            row = builder.gep(b, [builder.mul(loop.index, ldb)])
            right = [lanes.load(row, j) for j in range(vectors)]
            column = builder.gep(a, [builder.mul(loop.index, lda)])
            for r in range(rows):
                if transposed:
                    place = builder.gep(column, [ir.Constant(_INT, r)])
                else:
                    place = builder.gep(builder.gep(a, [offset[r]]), [loop.index])
                left = lanes.splat(builder.load(place))
                for total, value in zip(sums[r], right, strict=True):
                    term = builder.fmul(left, value, flags=_CONTRACT)
                    total_now = builder.load(total)
                    builder.store(builder.fadd(term, total_now, flags=_CONTRACT), total)
        for r in range(rows):
            target = builder.gep(c, [builder.mul(ldc, ir.Constant(_INT, r))])
            for j, total in enumerate(sums[r]):
                lanes.store(builder.load(total), target, j)
        return context.get_dummy_value()

    @intrinsic
    def tile(_context, c, a, b, places, strides, depth, width):
        """c[rows, width] = a b, in registers.

        places: entries at which c, a and b begin; strides: entries from a row to the
        next; depth: columns of a, rows of b.
        """
        sig = types.void(
            c, a, b, types.UniTuple(types.int64, 3), types.UniTuple(types.int64, 3),
            types.int64, types.int64,
        )  # fmt: skip
        return sig, build

    return tile


def _sweep(vectors, masked, transposed):
    """One column of tiles, from the first row of the product to the last."""
    tile = _tile(ROWS, vectors, masked, transposed)
    row = _tile(1, vectors, masked, transposed)

    @inner
    def sweep(c, a, b, places, strides, rows, depth, width):
        (c0, a0, b0), step = places, 1 if transposed else strides[1]
        if rows < ROWS:
            for i in range(rows):
                at = (c0 + i * strides[0], a0 + i * step, b0)
                row(c, a, b, at, strides, depth, width)
            return
        for i in range(0, rows, ROWS):
            # The last tile overlaps the one before rather than being smaller.
            i = min(i, rows - ROWS)
            at = (c0 + i * strides[0], a0 + i * step, b0)
            tile(c, a, b, at, strides, depth, width)

    return sweep


def _product(transposed):
    """c[m, n] = a[m, depth] b[depth, n]; `transposed`: a is a[depth, m], turned."""
    wide, edge = _sweep(2, False, transposed), _sweep(1, True, transposed)

    @inner
    def product(c, a, b, places, sizes, strides):
        (m, n, depth), (c0, a0, b0) = sizes, places
        lanes = BYTES // c.itemsize
        whole = n - n % (2 * lanes)
        for j in range(0, whole, 2 * lanes):
            wide(c, a, b, (c0 + j, a0, b0 + j), strides, m, depth, 2 * lanes)
        for j in range(whole, n, lanes):
            width = min(lanes, n - j)
            edge(c, a, b, (c0 + j, a0, b0 + j), strides, m, depth, width)

    return product


multiply = _product(False)
multiply_transposed = _product(True)


def _build_flip(context, builder, signature, arguments):
    to, source = (
        context.make_array(kind)(context, builder, value).data
        for kind, value in zip(signature.args[:2], arguments[:2], strict=True)
    )
    real = context.get_value_type(signature.args[0].dtype)
    lanes = _Lanes(builder, real, 1, None)
    count, (to_row, source_row) = lanes.count, arguments[3:]
    to_at, source_at = cgutils.unpack_tuple(builder, arguments[2], 2)

    def row(array, start, stride, number):
        at = builder.add(start, builder.mul(stride, ir.Constant(_INT, number)))
        return builder.gep(array, [at])

    rows = [lanes.load(row(source, source_at, source_row, r), 0) for r in range(count)]
    pairs = [(k, count + k) for k in range(count)]
    numbers = [number for pair in pairs for number in pair]
    kind = ir.VectorType(_LANE, count)
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


def _stack(size):
    """An array of so many bytes on the stack, in the dtype of the argument."""

    def build(context, builder, signature, _arguments):
        real = context.get_value_type(signature.args[0].dtype)
        itemsize = context.get_abi_sizeof(real)
        with builder.goto_entry_block():  # not `alloca_once`, which fills with zeros
            place = builder.alloca(ir.ArrayType(real, size // itemsize))
        place.align = BYTES
        view = make_array(signature.return_type)(context, builder)
        step = ir.Constant(_INT, itemsize)
        populate_array(
            view,
            data=builder.bitcast(place, real.as_pointer()),
            shape=[ir.Constant(_INT, size // itemsize)],
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


# Of the operand that is turned around in `multiply_by_transposed`, in bytes.
DEEPEST = 1024
_panel, _square = _stack(2 * DEEPEST * BYTES), _stack(BYTES * BYTES // 2)


@inner
def pack(to, source, start, sizes, stride):
    """to[r, c] = source[start + r stride + c], its rows two registers apart."""
    rows, columns = sizes
    width = 2 * BYTES // to.itemsize
    for r in range(rows):
        line, part = vector(to, r * width, width), vector(source, start + r * stride, 0)
        if columns == width:
            for c in range(width):
                line[c] = part[c]
        else:
            for c in range(columns):
                line[c] = part[c]


def _packed(product):
    """A product that copies b, two registers' width of columns at a time.

    Rows that lie far apart share few places in a cache and crowd each other out.
    """

    @inner
    def packed(c, a, b, places, sizes, strides):
        (m, n, depth), (c0, a0, b0) = sizes, places
        width = 2 * BYTES // c.itemsize
        panel = _panel(c)
        for j in range(0, n, width):
            columns = min(width, n - j)
            pack(panel, b, b0 + j, (depth, columns), strides[2])
            at, apart = (c0 + j, a0, 0), (strides[0], strides[1], width)
            product(c, a, panel, at, (m, columns, depth), apart)

    return packed


multiply_packed = _packed(multiply)
multiply_transposed_packed = _packed(multiply_transposed)


@inner
def multiply_by_transposed(c, a, b, places, sizes, stride):
    """c[m, n] = a[m, depth] b[n, depth]^T, depth at most DEEPEST.

    As (b a^T)^T, because the batch a and c is smaller than the weights b. places:
    entries at which c, a and b begin; stride: of c; a and b are contiguous.
    """
    (m, n, depth), (c0, a0, b0) = sizes, places
    lanes = BYTES // c.itemsize
    width = 2 * lanes
    turned, square = _panel(c), _square(c)
    for i in range(0, m, width):
        rows = min(width, m - i)
        transpose(turned, a, (0, a0 + i * depth), (rows, depth), (width, depth))
        for j in range(0, n, lanes):
            columns, at = min(lanes, n - j), (0, b0 + j * depth, 0)
            block, strides = (columns, rows, depth), (width, depth, width)
            multiply(square, b, turned, at, block, strides)
            at = (c0 + i * stride + j, 0)
            transpose(c, square, at, (columns, rows), (stride, width))
