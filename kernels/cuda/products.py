"""Matrix products of a small network, by the threads of one block.

A thread computes four rows by two columns at a time in registers, so that six loads
serve eight multiply-adds; threads beside each other have columns beside each other.
Every sum is in a fixed order. There are no barriers inside. Arrays are flat: a caller
says where a row begins. lane: of the block's `lanes` threads.
"""

import numpy as np

from ..activations import ACTIVATIONS
from ..jit import inner
from .formulas import activation, activation_slope

IDENTITY = ACTIVATIONS["identity"].number


@inner
def tile(totals, left, rows, along, right, columns, down, count):
    """totals + sum over k < count of left[rows + k along] right[columns + k down].

    totals: 8 reals, two a row; rows: 4 entries of left; columns: 2 of right. Indices
    are unsigned: a signed one is compared with zero at every load.
    """
    i0, i1, i2, i3 = rows
    j0, j1 = columns
    a0, b0, a1, b1, a2, b2, a3, b3 = totals
    for _ in range(count):
        u, v = right[j0], right[j1]
        x0, x1, x2, x3 = left[i0], left[i1], left[i2], left[i3]
        a0 += x0 * u
        b0 += x0 * v
        a1 += x1 * u
        b1 += x1 * v
        a2 += x2 * u
        b2 += x2 * v
        a3 += x3 * u
        b3 += x3 * v
        i0 += along
        i1 += along
        i2 += along
        i3 += along
        j0 += down
        j1 += down
    return a0, b0, a1, b1, a2, b2, a3, b3


@inner
def tiles(rows, columns):
    """How many tiles cover an array, and how many stand side by side."""
    across = (columns + 1) >> 1
    return ((rows + 3) >> 2) * across, across


@inner
def placed(number, across, rows, columns):
    """Rows r0, r1, r2, r3 and columns c0, c1 of a tile.

    The columns are half the width apart, so that neighbours' are beside each other; c1
    is c0 where that would be outside, as a row outside is the last. Each column of a
    row has one owner.
    """
    across = np.uint32(across)
    down = np.uint32(np.uint32(number) // across)
    c = np.int64(np.uint32(number) - np.uint32(down * across))
    r, last = np.int64(down) << 2, rows - 1
    several = (min(r, last), min(r + 1, last), min(r + 2, last), min(r + 3, last))
    d = c + across
    return several, (c, d if d < columns else c)


@inner
def stops(rows, pitch, first):
    """Entries of four rows of a pitch, from a column on, as unsigned numbers."""
    r0, r1, r2, r3 = rows
    return (
        np.uintp(r0 * pitch + first),
        np.uintp(r1 * pitch + first),
        np.uintp(r2 * pitch + first),
        np.uintp(r3 * pitch + first),
    )


@inner
def stored(y, rows, c, pitch, totals):
    """Column c of four rows of y = totals."""
    r0, r1, r2, r3 = rows
    a0, a1, a2, a3 = totals
    y[r0 * pitch + c], y[r1 * pitch + c] = a0, a1
    y[r2 * pitch + c], y[r3 * pitch + c] = a2, a3


@inner
def activated(y, across, shape, c, r, number):
    """y = f(y) on the columns c, c + across of rows r to r + 3, where y has them.

    shape: (rows, columns) of y. A loop, since formulas in place eight times over would
    be most of a kernel's code.
    """
    rows, columns = shape
    if number != IDENTITY:
        for k in range(r, min(r + 4, rows)):
            for at in range(k * columns + c, (k + 1) * columns, across):
                y[at] = activation(number, y[at])


@inner
def chained(dx, across, shape, c, r, below):
    """dx *= f'(v), as `activated`; below: (number, v)."""
    (rows, columns), (number, v) = shape, below
    if number != IDENTITY:
        for k in range(r, min(r + 4, rows)):
            for at in range(k * columns + c, (k + 1) * columns, across):
                dx[at] *= activation_slope(number, v[at])


@inner
def product(y, x, w, sizes, number, lane, lanes):
    """y = f(x W + bias). y: real[b o]; x: real[b i]; w: real[(i + 1) o], W then bias.

    sizes: (b, i, o); number: of the activation.
    """
    b, i, o = sizes
    count, across = tiles(b, o)
    for t in range(lane, count, lanes):
        rows, (c, d) = placed(t, across, b, o)
        u, v = w[i * o + c], w[i * o + d]
        a0, b0, a1, b1, a2, b2, a3, b3 = tile(
            (u, v, u, v, u, v, u, v),
            x,
            stops(rows, i, 0),
            np.uintp(1),
            w,
            (np.uintp(c), np.uintp(d)),
            np.uintp(o),
            i,
        )
        stored(y, rows, c, o, (a0, a1, a2, a3))
        if c < d:
            stored(y, rows, d, o, (b0, b1, b2, b3))
        activated(y, across, (b, o), c, rows[0], number)


@inner
def product_transposed(dx, dz, w, below, sizes, lane, lanes):
    """dx = (dz W^T) f'(v). dx, v: real[b i]; dz: real[b o]; w: real[i o] at least.

    below: (number of the activation, v). Neighbours read rows of W beside each other:
    where o is even, each starts one column further on, which spreads them over the
    banks of shared memory; where it is odd they are spread as it is.
    """
    b, i, o = sizes
    count, across = tiles(b, i)
    zero = dz.dtype.type(0)
    for t in range(lane, count, lanes):
        rows, (k, m) = placed(t, across, b, i)
        first = 0 if o & 1 else np.int64(np.uint32(k) % np.uint32(o))
        one, step = np.uintp(1), o - first
        totals = tile(
            (zero, zero, zero, zero, zero, zero, zero, zero),
            dz,
            stops(rows, o, first),
            one,
            w,
            (np.uintp(k * o + first), np.uintp(m * o + first)),
            one,
            step,
        )
        a0, b0, a1, b1, a2, b2, a3, b3 = tile(
            totals,
            dz,
            stops(rows, o, 0),
            one,
            w,
            (np.uintp(k * o), np.uintp(m * o)),
            one,
            first,
        )
        stored(dx, rows, k, i, (a0, a1, a2, a3))
        if k < m:
            stored(dx, rows, m, i, (b0, b1, b2, b3))
        chained(dx, across, (b, i), k, rows[0], below)


@inner
def outer_sum(dw, x, dz, sizes, lane, lanes):
    """dw = x^T dz, then the sums of dz. real[(i + 1) o], real[b i], real[b o].

    The sums are made by the last threads, which have fewest tiles.
    """
    b, i, o = sizes
    count, across = tiles(i, o)
    zero = dz.dtype.type(0)
    for t in range(lane, count, lanes):
        rows, (c, d) = placed(t, across, i, o)
        a0, b0, a1, b1, a2, b2, a3, b3 = tile(
            (zero, zero, zero, zero, zero, zero, zero, zero),
            x,
            stops(rows, 1, 0),
            np.uintp(i),
            dz,
            (np.uintp(c), np.uintp(d)),
            np.uintp(o),
            b,
        )
        stored(dw, rows, c, o, (a0, a1, a2, a3))
        if c < d:
            stored(dw, rows, d, o, (b0, b1, b2, b3))
    for c in range(lanes - 1 - lane, o, lanes):
        total = zero
        for r in range(b):
            total += dz[r * o + c]
        dw[i * o + c] = total
