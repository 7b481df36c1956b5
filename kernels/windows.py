"""Products of overlapping windows with weights, tile by tile in vector registers.

The rows of the left matrix lie in an image, where windows overlap and skip, so it is
never written out: a tile walks over them by strides. Chellapilla, Puri & Simard (2006)
write it out; Georganas et al. (2018), algorithm 3, keep a tile of the result in
registers, as is done here.
"""

from contextlib import nullcontext

from llvmlite import ir
from numba import types
from numba.core import cgutils

from .jit import inner, intrinsic
from .registers import BYTES, INT, Lanes

_CONTRACT = ("contract",)
# Rows of a tile: enough sums to hide the latency of a multiply-add, and few enough for
# the registers (32 of 64 bytes, else 16), with two vectors a row and with one.
WIDE_ROWS, NARROW_ROWS = (8, 8) if BYTES == 64 else (4, 6)
_TRIPLE, _FOUR = (types.UniTuple(types.int64, count) for count in (3, 4))


def _walk(builder, lanes, b, left_at, rows, sums, walk):
    """Add the products of all steps of a walk to the sums, vectors by row."""
    right_at = cgutils.alloca_once_value(builder, b)
    (outer, middle, depth), steps, ldb = walk
    with (
        cgutils.for_range(builder, outer) as i,
        cgutils.for_range(builder, middle) as j,
        cgutils.for_range(builder, depth) as k,
    ):
        row = builder.load(right_at)
        builder.store(builder.gep(row, [ldb]), right_at)
        right = [lanes.load(row, number) for number in range(lanes.vectors)]
        for loop, step in zip((i, j, k), steps, strict=True):
            left_at = builder.gep(left_at, [builder.mul(loop.index, step)])
        for offset, totals in zip(rows, sums, strict=True):
            left = lanes.splat(builder.load(builder.gep(left_at, [offset])))
            for total, value in zip(totals, right, strict=True):
                term = builder.fmul(left, value, flags=_CONTRACT)
                now = builder.load(total)
                builder.store(builder.fadd(term, now, flags=_CONTRACT), total)


def _sums(builder, lanes, starts, more):
    """Vectors by row, at first those at the starts where `more`, else zero."""
    return [
        [
            cgutils.alloca_once_value(
                builder, builder.select(more, lanes.load(row, j), lanes.zero)
            )
            for j in range(lanes.vectors)
        ]
        for row in starts
    ]


def _store(builder, lanes, targets, sums, stored):
    """Vectors by row to their targets; stored: a condition a row; none: all."""
    for number, (row, totals) in enumerate(zip(targets, sums, strict=True)):
        with builder.if_then(stored[number]) if stored else nullcontext():
            for j, total in enumerate(totals):
                lanes.store(builder.load(total), row, j)


def _tile_code(rows, vectors, masked, clamped):
    """The code of a `_tile`, as an intrinsic returns it."""

    def build(context, builder, signature, arguments):
        places, (ldc, lda, ldb, lds), counts, steps = (
            cgutils.unpack_tuple(builder, value, kind.count)
            for kind, value in zip(signature.args[4:8], arguments[4:8], strict=True)
        )
        arrays = zip(signature.args[:4], arguments[:4], places, strict=True)
        c, a, b, start = (
            builder.gep(context.make_array(kind)(context, builder, value).data, [at])
            for kind, value, at in arrays
        )
        real = context.get_value_type(signature.args[0].dtype)
        taken, width, more = arguments[8:]
        lanes = Lanes(builder, real, vectors, width if masked else None)
        numbers, stored = [ir.Constant(INT, r) for r in range(rows)], []
        if clamped:
            stored = [builder.icmp_signed("<", r, taken) for r in numbers]
            last = builder.sub(taken, ir.Constant(INT, 1))
            pairs = zip(stored, numbers, strict=True)
            numbers = [builder.select(one, r, last) for one, r in pairs]
        targets, starts = (
            [builder.gep(p, [builder.mul(stride, r)]) for r in numbers]
            for p, stride in ((c, ldc), (start, lds))
        )
        sums = _sums(builder, lanes, starts, more)
        offsets = [builder.mul(lda, r) for r in numbers]
        _walk(builder, lanes, b, a, offsets, sums, (counts, steps, ldb))
        _store(builder, lanes, targets, sums, stored)
        return context.get_dummy_value()

    return build


def _tile(rows, vectors, masked, clamped):
    """A tile for a number of rows and of vectors a row, the last perhaps masked.

    clamped: are there rows that are computed and not stored?
    """
    build = _tile_code(rows, vectors, masked, clamped)

    @intrinsic
    def tile(
        _context, c, a, b, start, places, strides, counts, steps, taken, width, more
    ):
        """As `multiply_windows`, for `taken` rows, at most the tile's own."""
        tuples = (_FOUR, _FOUR, _TRIPLE, _TRIPLE, types.int64, types.int64)
        return types.void(c, a, b, start, *tuples, types.boolean), build

    return tile


def _sweep(rows, vectors, masked):
    """One column of tiles, from the first row of the product to the last."""
    whole, rest = (_tile(rows, vectors, masked, clamped) for clamped in (False, True))

    @inner
    def sweep(c, a, b, start, places, strides, counts, steps, m, width, more):
        (c0, a0, b0, s0), end = places, m - m % rows
        (ldc, lda, _, lds) = strides
        for i in range(0, end, rows):
            at = (c0 + i * ldc, a0 + i * lda, b0, s0 + i * lds)
            whole(c, a, b, start, at, strides, counts, steps, rows, width, more)
        if end < m:
            at = (c0 + end * ldc, a0 + end * lda, b0, s0 + end * lds)
            rest(c, a, b, start, at, strides, counts, steps, m - end, width, more)

    return sweep


_wide, _edge = _sweep(WIDE_ROWS, 2, False), _sweep(NARROW_ROWS, 1, True)


@inner
def multiply_windows(c, a, b, start, places, strides, counts, steps, sizes, more):
    """c[r, f] = sum over i, j, k of a[r, i, j, k] b[(i, j, k), f], plus start[r, f].

    start: added where `more`; c itself, or a bias. (i, j, k) run below counts. places:
    entries at which c, a, b and start begin; strides: entries from a row of c, a, b and
    start to the next; steps: entries of a from an i, j and k to the next; sizes: rows
    and columns of c. The rows of b follow each other.
    """
    (m, n), (c0, a0, b0, s0) = sizes, places
    lanes = BYTES // c.itemsize
    whole = n - n % (2 * lanes)
    for f in range(0, whole, 2 * lanes):
        at = (c0 + f, a0, b0 + f, s0 + f)
        _wide(c, a, b, start, at, strides, counts, steps, m, 2 * lanes, more)
    for f in range(whole, n, lanes):
        at, width = (c0 + f, a0, b0 + f, s0 + f), min(lanes, n - f)
        _edge(c, a, b, start, at, strides, counts, steps, m, width, more)
