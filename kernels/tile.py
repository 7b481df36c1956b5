"""Matrix products of small matrices, tile by tile in vector registers.

A library's gemm copies its operands into an order of its own before it multiplies;
where matrices are small, that takes longer than the product. Here a tile of the result
stays in registers while the rows of one operand and the entries of the other stream by.
Source: Goto & van de Geijn (2008), section 6, the inner kernel alone; Frison et al.
(2018), section 3, for leaving the copies out where matrices fit the cache.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from .jit import inner, intrinsic
from .registers import BYTES, INT, Lanes, on_stack, transpose
from .views import vector

_CONTRACT = ("contract",)
# Rows of a tile: with two vectors a row, enough sums to hide the latency of a
# multiply-add, few enough for the registers (32 of 64 bytes, else 16).
ROWS = 8 if BYTES == 64 else 4
# Of the operand that is turned around in `multiply_by_transposed`, in bytes.
DEEPEST = 1024
_panel, _square = on_stack(2 * DEEPEST * BYTES), on_stack(BYTES * BYTES // 2)


def _at_places(context, builder, kinds, arrays, places):
    """Pointers to the entries of c, a and b at which a tile begins."""
    return [
        builder.gep(context.make_array(kind)(context, builder, array).data, [place])
        for kind, array, place in zip(kinds, arrays, places, strict=True)
    ]


def _add_products(builder, lanes, sums, row, lefts):
    """sums[r] += left of r times a row of b; lefts: a pointer a row of the tile."""
    right = [lanes.load(row, j) for j in range(lanes.vectors)]
    for totals, place in zip(sums, lefts, strict=True):
        left = lanes.splat(builder.load(place))
        for total, value in zip(totals, right, strict=True):
            term = builder.fmul(left, value, flags=_CONTRACT)
            total_now = builder.load(total)
            builder.store(builder.fadd(term, total_now, flags=_CONTRACT), total)


def _store_sums(builder, lanes, sums, targets, done):
    """A tile's rows; done: None, or how many stay while others are added to."""
    for r, (totals, target) in enumerate(zip(sums, targets, strict=True)):
        if done is None:
            for j, total in enumerate(totals):
                lanes.store(builder.load(total), target, j)
            continue
        with builder.if_then(builder.icmp_signed("<=", done, INT(r))):
            for j, total in enumerate(totals):
                value = builder.fadd(lanes.load(target, j), builder.load(total))
                lanes.store(value, target, j)


def _tile_code(rows, vectors, masked, transposed, adding):
    """The code of a `_tile`, as an intrinsic returns it."""

    def build(context, builder, signature, arguments):
        real = context.get_value_type(signature.args[0].dtype)
        places = cgutils.unpack_tuple(builder, arguments[3], 3)
        ldc, lda, ldb = cgutils.unpack_tuple(builder, arguments[4], 3)
        depth, width, done = arguments[5:]
        kinds = signature.args[:3]
        c, a, b = _at_places(context, builder, kinds, arguments[:3], places)
        lanes = Lanes(builder, real, vectors, width if masked else None)
        sums = [
            [cgutils.alloca_once_value(builder, lanes.zero) for _ in range(vectors)]
            for _ in range(rows)
        ]
        numbers = [ir.Constant(INT, r) for r in range(rows)]
        # From a row of the left operand to each of the tile's.
        offsets = numbers if transposed else [builder.mul(lda, r) for r in numbers]
        with cgutils.for_range(builder, depth) as loop:
            row = builder.gep(b, [builder.mul(loop.index, ldb)])
            step = builder.mul(loop.index, lda) if transposed else loop.index
            lefts = [builder.gep(builder.gep(a, [at]), [step]) for at in offsets]
            _add_products(builder, lanes, sums, row, lefts)
        targets = [builder.gep(c, [builder.mul(ldc, r)]) for r in numbers]
        _store_sums(builder, lanes, sums, targets, done if adding else None)
        return context.get_dummy_value()

    return build


def _tile(rows, vectors, masked, transposed, adding=False):
    """A tile's product, for a number of rows and of vectors a row.

    adding: to what is there, but for the first `done` rows of the tile, which stay.
    """
    build = _tile_code(rows, vectors, masked, transposed, adding)

    @intrinsic
    def tile(_context, c, a, b, places, strides, depth, width, done):
        """c[rows, width] = a b, in registers.

        places: entries at which c, a and b begin; strides: entries from a row to the
        next; depth: columns of a, rows of b; done: see `_tile`.
        """
        sig = types.void(
            c,
            a,
            b,
            types.UniTuple(types.int64, 3),
            types.UniTuple(types.int64, 3),
            types.int64,
            types.int64,
            types.int64,
        )
        return sig, build

    return tile


def _sweep(vectors, masked, transposed, adding):
    """One column of tiles, from the first row of the product to the last."""
    tile = _tile(ROWS, vectors, masked, transposed, adding)
    row = _tile(1, vectors, masked, transposed, adding)

    @inner
    def sweep(c, a, b, places, strides, rows, depth, width):
        (c0, a0, b0), step = places, 1 if transposed else strides[1]
        if rows < ROWS:
            for i in range(rows):
                at = (c0 + i * strides[0], a0 + i * step, b0)
                row(c, a, b, at, strides, depth, width, 0)
            return
        for i in range(0, rows, ROWS):
            # The last tile overlaps the one before rather than being smaller.
            first = min(i, rows - ROWS)
            at = (c0 + first * strides[0], a0 + first * step, b0)
            tile(c, a, b, at, strides, depth, width, i - first)

    return sweep


def _product(transposed, adding=False):
    """c[m, n] = a[m, depth] b[depth, n]; `transposed`: a is a[depth, m], turned.

    adding: plus what c held before.
    """
    wide = _sweep(2, False, transposed, adding)
    edge = _sweep(1, True, transposed, adding)

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
add_transposed = _product(True, adding=True)


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
            at, steps = (c0 + j, a0, 0), (strides[0], strides[1], width)
            product(c, a, panel, at, (m, columns, depth), steps)

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


@inner
def add_by_transposed(c, a, b, places, sizes, strides):
    """c[m, n] += a[m, depth] b[n, depth]^T, rows of all three apart.

    places: entries at which c, a and b begin; strides: entries from a row to the next.
    """
    (m, n, whole), (c0, a0, b0), (ldc, lda, ldb) = sizes, places, strides
    lanes = BYTES // c.itemsize
    width = 2 * lanes
    turned, square, back, out = _panel(c), _square(c), _square(c), vector(c, c0, 0)
    for i in range(0, m, width):
        rows = min(width, m - i)
        for first in range(0, whole, DEEPEST):
            depth = min(DEEPEST, whole - first)
            at = (0, a0 + i * lda + first)
            transpose(turned, a, at, (rows, depth), (width, lda))
            for j in range(0, n, lanes):
                columns, at = min(lanes, n - j), (0, b0 + j * ldb + first, 0)
                block = (columns, rows, depth)
                multiply(square, b, turned, at, block, (width, ldb, width))
                transpose(back, square, (0, 0), (columns, rows), (lanes, width))
                for r in range(rows):
                    for k in range(columns):
                        out[(i + r) * ldc + j + k] += back[r * lanes + k]
