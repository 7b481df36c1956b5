"""The matrix products of a dense layer: small ones by tiles, large ones by BLAS.

`np.dot` takes whole contiguous matrices only. This calls the gemm behind it (SciPy's,
through Numba's own entry point) with leading dimensions, so that a block of a weight
gradient can be computed where it belongs, and added to what is there. `tile`
does the products of small batches, which BLAS would copy first; and where threads train
a network each, it takes no lock, as BLAS does to hand out its buffers.
Source of gemm: Dongarra, Du Croz, Hammarling & Duff (1990), section 3.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.np.linalg import ensure_blas

from . import tile
from .jit import inner, intrinsic
from .views import vector

_KINDS = {types.float32: "s", types.float64: "d"}
_CHAR, _INT, _POINTER = ir.IntType(8), ir.IntType(64), ir.IntType(8).as_pointer()


@intrinsic
def _gemm(_context, a, b, c, kinds, sizes, strides, beta):
    """Column-major c[m, n] = op(a) op(b) + beta c.

    a, b, c: arrays that start at the first entry; kinds: (transpose a, transpose b) as
    integers of characters; sizes: (m, n, k); strides: leading dimensions of a, b, c.
    """
    ensure_blas()
    if c.dtype not in _KINDS or a.dtype != c.dtype or b.dtype != c.dtype:
        raise TypingError("matrix products need arrays of one dtype")

    def build(context, builder, signature, arguments):
        real = context.get_value_type(c.dtype)
        pointers = [
            builder.bitcast(
                context.make_array(kind)(context, builder, value).data, _POINTER
            )
            for kind, value in zip(signature.args[:3], arguments[:3], strict=True)
        ]
        unpack = lambda value, count: cgutils.unpack_tuple(builder, value, count)  # noqa: E731
        (ta, tb), (m, n, k) = unpack(arguments[3], 2), unpack(arguments[4], 3)
        lda, ldb, ldc = unpack(arguments[5], 3)
        one = cgutils.alloca_once_value(builder, ir.Constant(real, 1.0))
        more = cgutils.alloca_once_value(
            builder, context.cast(builder, arguments[6], signature.args[6], c.dtype)
        )
        one, more = builder.bitcast(one, _POINTER), builder.bitcast(more, _POINTER)
        kind = ir.Constant(_CHAR, ord(_KINDS[c.dtype]))
        shape = [_CHAR] * 3 + [_INT] * 3 + [_POINTER, _POINTER, _INT, _POINTER, _INT]
        shape += [_POINTER, _POINTER, _INT]
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.IntType(32), shape), "numba_xxgemm"
        )
        ta, tb = builder.trunc(ta, _CHAR), builder.trunc(tb, _CHAR)
        at, bt, ct = pointers
        values = (kind, ta, tb, m, n, k, one, at, lda, bt, ldb, more, ct, ldc)
        builder.call(function, values)
        return context.get_dummy_value()

    return types.void(a, b, c, kinds, sizes, strides, beta), build


_AS_IS, _TRANSPOSED = ord("n"), ord("t")
# Columns below which most lanes of a tile are idle; rows above which BLAS is as fast;
# depth and rows from which packing pays; rows of a sum that are met at once.
NARROW, MANY_ROWS, DEEP, TALL, NEAR = 8, 128, 256, 128, 128


@inner
def product(y, x, w):
    """y = x w. y: float[b, o]; x: float[b, i]; w: float[i, o]; all C-contiguous."""
    product_columns(y, x, w, 0, w.shape[1])


@inner
def product_columns(y, x, w, first, count):
    """As `product`, for `count` columns of y from `first` on; leaves the others."""
    (b, i), o = x.shape, w.shape[1]
    if count < NARROW or b > MANY_ROWS or i > tile.DEEPEST:
        to, part = vector(y, first, 0), vector(w, first, 0)
        _gemm(part, x, to, (_AS_IS, _AS_IS), (count, b, i), (o, i, o), 0.0)
        return
    places, sizes, strides = (first, 0, first), (b, count, i), (o, i, o)
    if i > DEEP or b >= TALL:
        tile.multiply_packed(y, x, w, places, sizes, strides)
    else:
        tile.multiply(y, x, w, places, sizes, strides)


@inner
def product_transposed(dx, dy, w):
    """dx = dy w^T. dx: float[b, i]; dy: float[b, o]; w: float[i, o]."""
    product_transposed_columns(dx, dy, w, 0, w.shape[0])


@inner
def product_transposed_columns(dx, dy, w, first, count):
    """As `product_transposed`, for `count` columns of dx from `first` on."""
    (b, i), o = dx.shape, dy.shape[1]
    if min(count, o) < NARROW or b > MANY_ROWS or o > tile.DEEPEST:
        to, part = vector(dx, first, 0), vector(w, first * o, 0)
        _gemm(part, dy, to, (_TRANSPOSED, _AS_IS), (count, b, o), (o, o, i), 0.0)
    else:
        places, sizes = (first, 0, first * o), (b, count, o)
        tile.multiply_by_transposed(dx, dy, w, places, sizes, i)


@inner
def outer_sum(dw, x, dy, first, more):
    """dw = x[:, first : first + k]^T dy, plus dw where `more`.

    dw: float[k, o], rows of a weight gradient; x: float[b, i]; dy: float[b, o].
    """
    (b, i), (k, o) = x.shape, dw.shape
    if b == 0 or k == 0:
        return
    if more or o < NARROW or b > MANY_ROWS:
        columns, beta = vector(x, first, b * i - first), 1.0 if more else 0.0
        sizes, strides = (o, k, b), (o, i, o)
        _gemm(dy, columns, dw, (_AS_IS, _TRANSPOSED), sizes, strides, beta)
        return
    places, sizes, strides = (0, first, 0), (k, o, b), (o, i, o)
    if k >= TALL:
        tile.multiply_transposed_packed(dw, x, dy, places, sizes, strides)
    else:
        tile.multiply_transposed(dw, x, dy, places, sizes, strides)


@inner
def sum_rows(total, x, more):
    """total = sum over rows of x, plus total where `more`. float[o]; float[b, o]."""
    b, o = x.shape
    if not more:
        for c in range(o):
            total[c] = 0
    # Four rows at once: a quarter of the loads and stores of the total.
    for r in range(0, b - 3, 4):
        for c in range(o):
            total[c] += (x[r, c] + x[r + 1, c]) + (x[r + 2, c] + x[r + 3, c])
    for r in range(b - b % 4, b):
        for c in range(o):
            total[c] += x[r, c]


@inner
def product_sum(y, x, w, more):
    """y = x w + more y. y: float[b, o]; x: float[b, i]; w: float[i, o]."""
    (b, i), o = x.shape, w.shape[1]
    _gemm(w, x, y, (_AS_IS, _AS_IS), (o, b, i), (o, i, o), more)


@inner
def block_product(c, a, b, places, sizes, strides, more):
    """c[m, n] = a[m, k] b[k, n], plus c where `more`: blocks of larger matrices.

    places: entries at which the blocks c, a and b begin, counted flat; sizes: (m, n,
    k); strides: entries from a row to the next, of each. The blocks do not overlap.
    """
    m, n, k = sizes
    if more or n < NARROW or m > MANY_ROWS or k > tile.DEEPEST:
        _blocks(c, a, b, (_AS_IS, _AS_IS), places, sizes, strides, more)
    else:
        tile.multiply(c, a, b, places, sizes, strides)


@inner
def block_product_transposed(c, a, b, places, sizes, strides, more):
    """c[m, n] = a[m, k] b[n, k]^T, plus c where `more`; see `block_product`."""
    _blocks(c, a, b, (_TRANSPOSED, _AS_IS), places, sizes, strides, more)


@inner
def block_outer_sum(c, a, b, places, sizes, strides, more):
    """c[m, n] = a[k, m]^T b[k, n], plus c where `more`; see `block_product`."""
    _, n, k = sizes
    if more or n < NARROW or k > MANY_ROWS:
        _blocks(c, a, b, (_AS_IS, _TRANSPOSED), places, sizes, strides, more)
    else:
        tile.multiply_transposed(c, a, b, places, sizes, strides)


@inner
def _blocks(c, a, b, kinds, places, sizes, strides, more):
    """A product of blocks by BLAS; kinds: is b transposed, is a?"""
    (m, n, k), (ldc, lda, ldb) = sizes, strides
    to, left = vector(c, places[0], 0), vector(a, places[1], 0)
    right, beta = vector(b, places[2], 0), 1.0 if more else 0.0
    _gemm(right, left, to, kinds, (n, m, k), (ldb, lda, ldc), beta)


@inner
def row_gram(a, x, more):
    """a = x x^T + more a. a: float[b, b]; x: float[b, i]."""
    b, i = x.shape
    _gemm(x, x, a, (_TRANSPOSED, _AS_IS), (b, b, i), (i, i, b), more)


@inner
def column_gram(a, x, more):
    """a = x^T x + more a. a: float[i, i]; x: float[b, i]."""
    b, i = x.shape
    _gemm(x, x, a, (_AS_IS, _TRANSPOSED), (i, i, b), (i, i, i), more)


@inner
def strided_product(c, a, b, places, sizes, strides):
    """c[m, n] = a[m, depth] b[depth, n], rows of all three at strides.

    places: entries at which c, a and b begin; strides: entries from a row to the next.
    """
    if DEEP < sizes[2] <= tile.DEEPEST:
        tile.multiply_packed(c, a, b, places, sizes, strides)
    else:
        tile.multiply(c, a, b, places, sizes, strides)


@inner
def strided_outer_sum(c, a, b, places, sizes, strides, more):
    """c[m, n] = a[depth, m]^T b[depth, n], plus c where `more`; as `strided_product`.

    So many rows of a and b at a time as stay in the cache while all of c is met.
    """
    (m, n, whole), (c0, a0, b0), (_, lda, ldb) = sizes, places, strides
    for first in range(0, whole, NEAR):
        at = (c0, a0 + first * lda, b0 + first * ldb)
        block = (m, n, min(NEAR, whole - first))
        if more or first > 0:
            tile.add_transposed(c, a, b, at, block, strides)
        else:
            tile.multiply_transposed(c, a, b, at, block, strides)
