"""A matrix product of one tile of the output, by the threads of a block.

A block goes down the depth slice by slice: its threads copy a slice of both operands to
shared memory, each four entries of either, and each thread adds the slice's products to
a small square of the output in its registers. While they do, the next slice is on its
way into registers, and then into the other half of shared memory. Tiles of small
outputs share the depth of a slice among groups of threads, whose sums are added in the
order of the groups, so that results never depend on timing.
Source: Volkov & Demmel (2008), Benchmarking GPUs to tune dense linear algebra; Nath,
Tomov & Dongarra (2010), An improved MAGMA GEMM for Fermi GPUs.
"""

from numba import int32

from ..jit import inner
from .jit import cuda
from .tile import QUAD
from .vectors import loader
from .views import vector


def _seat(tile):
    """f(thread) -> its group, and its row and column among the group's threads.

    A warp is eight threads wide where the tile is, so that what it reads of either
    operand lies in few banks.
    """
    side = tile.side
    wide = min(side, 8)
    tall = 32 // wide

    @inner
    def seat(thread):
        group, inside = thread // (side * side), thread % (side * side)
        warp, lane = inside // 32, inside % 32
        row = warp // (side // wide) * tall + lane // wide
        return group, row, warp % (side // wide) * wide + lane % wide

    return seat


def _multiply(tile):
    """f(total, slices, base, row, column): add a slice's products to a thread's.

    total: real[block, block]; slices: real[...] with the left operand's slice
    real[depth, line] from base on and the right one's behind it.
    """
    block, line, run, side = tile.block, tile.line, tile.run, tile.side
    right, load = tile.depth * line, loader(tile.run)

    @inner
    def add(total, slices, at, row, column):
        a = cuda.local.array(block, slices.dtype)
        b = cuda.local.array(block, slices.dtype)
        for h in range(0, block, run):
            load(a, h, slices, at + h * side + row * run)
            load(b, h, slices, at + h * side + column * run + right)
        for r in range(block):
            for c in range(block):
                total[r, c] += a[r] * b[c]

    return _repeated(add, tile.depth // tile.groups, line)


def _repeated(add, count, line):
    """`add` for so many lines of a slice, written out.

    In a loop the next line would be read only when this one is done.
    """
    if count == 1:
        return add
    before, last = _repeated(add, count - 1, line), (count - 1) * line

    @inner
    def repeated(total, slices, at, row, column):
        before(total, slices, at, row, column)
        add(total, slices, at + last, row, column)

    return repeated


def _sums(tile, left, right):
    """f(total, slices, a, b, m, n, depth, whole): a thread's sums over the depth.

    left, right: how the operands a and b are copied, `rows_along` or `rows_across`.
    """
    (place_a, fetch_a, put_a), (place_b, fetch_b, put_b) = left(tile), right(tile)
    span, step, half = tile.span, tile.depth, tile.depth * tile.line
    seat, multiply, part = _seat(tile), _multiply(tile), half // tile.groups

    @inner
    def sums(total, slices, a, b, m, n, depth, whole):
        thread = cuda.threadIdx.x
        group, row, column = seat(thread)
        next_a = cuda.local.array(QUAD, slices.dtype)
        next_b = cuda.local.array(QUAD, slices.dtype)
        across_a, along_a = place_a(thread)
        across_b, along_b = place_b(thread)
        top, first = cuda.blockIdx.x * span, cuda.blockIdx.y * span
        fetch_a(next_a, a, top + across_a, along_a, m, depth, whole)
        fetch_b(next_b, b, first + across_b, along_b, n, depth, whole)
        put_a(slices, 0, across_a, along_a, next_a)
        put_b(slices, half, across_b, along_b, next_b)
        cuda.syncthreads()
        base = 0
        # What is fetched behind the last slice is zero.
        for k in range(step, depth + step, step):
            fetch_a(next_a, a, top + across_a, k + along_a, m, depth, whole)
            fetch_b(next_b, b, first + across_b, k + along_b, n, depth, whole)
            multiply(total, slices, base + group * part, row, column)
            base = 2 * half - base
            put_a(slices, base, across_a, along_a, next_a)
            put_b(slices, base + half, across_b, along_b, next_b)
            cuda.syncthreads()

    return sums


def _picked(count):
    """f(total, strip, c): total[strip, c] of registers, which have no addresses."""
    last = count - 1
    if last == 0:

        @inner
        def first(total, strip, c):
            return total[0, c]

        return first
    before = _picked(last)

    @inner
    def picked(total, strip, c):
        return total[last, c] if strip == last else before(total, strip, c)

    return picked


def _finish(tile, formula):
    """f(out, total, slices, m, n, other, number): store a block's tile of out[m, n].

    Each entry is formula(z, place, column, other, number) of its sum z. Strip by strip,
    one row of each thread, through shared memory: there the groups' sums meet, and
    neighbours store neighbouring entries.
    """
    block, side, span = tile.block, tile.side, tile.span
    run, groups, seat, pick = tile.run, tile.groups, _seat(tile), _picked(tile.block)

    @inner
    def finish(out, total, slices, m, n, other, number):
        group, row, column = seat(cuda.threadIdx.x)
        own = (group * side + row) * span + column * run
        top, first = cuda.blockIdx.x * span, cuda.blockIdx.y * span
        # As many strips as hold a row: the compiler must not know how many, or it
        # would repeat the formulas for each.
        for strip in range(int32(min(block, m - top))):
            entries = vector(slices, own, span)
            for c in range(block):
                entries[c // run * run * side + c % run] = pick(total, strip, c)
            cuda.syncthreads()
            above = top + strip // run * run * side + strip % run
            entry = cuda.threadIdx.x
            while entry < side * span:
                i, o = above + entry // span * run, first + entry % span
                z = slices[entry]
                for other_group in range(1, groups):
                    z += slices[other_group * side * span + entry]
                if i < m and o < n:
                    out[i * n + o] = formula(z, i * n + o, o, other, number)
                entry += cuda.blockDim.x
            cuda.syncthreads()

    return finish


def tiled_product(tile, left, right, formula):
    """f(out, a, b, sizes, whole, other, number): out = formula(a b), tile by tile."""
    block, size = tile.block, tile.entries
    sums, finish = _sums(tile, left, right), _finish(tile, formula)

    @inner
    def tiled(out, a, b, sizes, whole, other, number):
        m, n, depth = sizes
        slices = vector(cuda.shared.array(0, out.dtype), 0, size)
        total = cuda.local.array((block, block), out.dtype)
        for r in range(block):
            for c in range(block):
                total[r, c] = 0
        sums(total, slices, a, b, m, n, depth, whole)
        finish(out, total, slices, m, n, other, number)

    return tiled
