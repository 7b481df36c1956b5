"""Kronecker factors of a matrix's gradients: where they lie, their roots and bases.

A weight matrix float[i, o] with gradient G has a left factor float[i, i], of G G^T, and
a right one float[o, o], of G^T G. They lie behind the parameters in row 0 of a state,
one matrix after the other, and what is computed from each lies in its place in row 1.
A side above `LARGEST` has none. Roots and bases come from LAPACK through NumPy, which
allocates: rules ask for them every few steps only.
"""

import math

import numpy as np

from .elementwise import copy
from .jit import inner
from .matmul import column_gram, row_gram
from .views import matrix, vector

# The largest side with room for a factor; two of them take 64 MiB in float64.
LARGEST = 2048


def factor_sizes(n, layout):
    """Numbers that all factors of a layout int64[k, 3] take: the tail of each slot."""
    sides = layout[:, 1:]
    return int((sides[sides <= LARGEST] ** 2).sum())


@inner
def room(side):
    """Numbers that the factor of a side takes."""
    return side * side if side <= LARGEST else 0


@inner
def factored(side, most):
    """side where it is preconditioned, else 0."""
    return side if side <= min(most, LARGEST) else 0


@inner
def pair(state, row, at, sides, used):
    """Views of the left and right factor of a matrix in a row of the state.

    at: where the factors of the matrix begin in each row; sides: (i, o); used: the
    same, with 0 for a side that is not preconditioned: its view is empty.
    """
    start = row * state.shape[1] + at
    left = matrix(state, start, used[0], used[0])
    return left, matrix(state, start + room(sides[0]), used[1], used[1])


@inner
def add_grams(left, right, x, more):
    """left = x x^T + more left;  right = x^T x + more right."""
    if left.shape[0] > 0:
        row_gram(left, x, more)
    if right.shape[0] > 0:
        column_gram(right, x, more)


@inner
def fill(x, value):
    """x = value everywhere. x: float[n]."""
    for k in range(x.size):
        x[k] = value


@inner
def finite(x):
    """Is every entry of a matrix finite? LAPACK must not see others."""
    for r in range(x.shape[0]):
        for c in range(x.shape[1]):
            if not math.isfinite(x[r, c]):
                return False
    return True


@inner
def power_of(out, factor, power, floor):
    """out = factor^power of a symmetric matrix, its eigenvalues at least `floor`.

    NaN everywhere where the factor is not finite.
    """
    if factor.size == 0:
        return
    if not finite(factor):
        fill(vector(out, 0, out.size), np.nan)
        return
    values, vectors = np.linalg.eigh(factor)
    rows, real = vectors.T, out.dtype.type
    for k in range(values.size):
        half = real(max(values[k], floor) ** (0.5 * power))
        for c in range(values.size):
            rows[k, c] *= half
    column_gram(out, rows, 0.0)


@inner
def eigenbasis(out, factor):
    """out = eigenvectors of a symmetric matrix, of the largest eigenvalue first.

    In columns; NaN everywhere where the factor is not finite.
    """
    if factor.size == 0:
        return
    if not finite(factor):
        fill(vector(out, 0, out.size), np.nan)
        return
    vectors, last = np.linalg.eigh(factor)[1], factor.shape[0] - 1
    for r in range(last + 1):
        for c in range(last + 1):
            out[r, c] = vectors[r, last - c]


@inner
def turn_basis(basis, factor):
    """basis = Q of the QR decomposition of (factor basis): one step of power iteration.

    NaN everywhere where the factor is not finite. Source: Vyas et al. (2024),
    algorithm 4.
    """
    if factor.size == 0:
        return
    if not finite(factor):
        fill(vector(basis, 0, basis.size), np.nan)
        return
    copy(basis, np.linalg.qr(np.dot(factor, basis))[0])
