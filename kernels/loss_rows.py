"""Losses and scores as formulas: of one output, and of one row of outputs.

An element formula of a loss gives (loss, slope) of an output z and its target y; that
of a score a number. `x_row(dz, z, y, r, scale)` writes row r of dz = scale dL/dz and
returns the row's loss; a score's `x_row(z, y, r)` returns the row's score. All in the
dtype of z: float[b, o]; y, dz and scale are of the same; y: float[b, k].
"""

import math

from .exponential import exp
from .jit import inner

HUBER_DELTA = 1.0


@inner
def mse(z, y):
    """(z - y)^2. Legendre (1805)."""
    error = z - y
    return error * error, type(z)(2) * error


@inner
def huber(z, y):
    """e^2 / 2 where |e| <= 1, else |e| - 1/2, of e = z - y. Huber (1964)."""
    half, limit, error = type(z)(0.5), type(z)(HUBER_DELTA), z - y
    size = abs(error)
    if size <= limit:
        return half * error * error, error
    return limit * (size - half * limit), math.copysign(limit, error)


@inner
def binary_cross_entropy(z, y):
    """max(z, 0) - z y + log(1 + exp(-|z|)); y in [0, 1].

    Source: Cox (1958), in the form that cannot overflow.
    """
    zero, one, e = type(z)(0), type(z)(1), exp(-abs(z))
    p = (one if z >= zero else e) / (one + e)
    return max(z, zero) - z * y + math.log1p(e), p - y


@inner
def squared_error(z, y):
    """(z - y)^2"""
    error = z - y
    return error * error


@inner
def side_of_zero(z, y):
    """1 where the output is on the side of zero that y > 0 says, else 0."""
    zero, one = type(z)(0), type(z)(1)
    return one if (z > zero) == (y > zero) else zero


def averaged_row(formula):
    """The row function of a loss that is the mean over outputs of a formula."""

    @inner
    def row(dz, z, y, r, scale):
        real, width = z.dtype.type, z.shape[1]
        total, factor = real(0), scale / real(width)
        for c in range(width):
            value, slope = formula(z[r, c], y[r, c])
            total += value
            dz[r, c] = factor * slope
        return total / real(width)

    return row


def averaged_score_row(formula):
    """The row function of a score that is the mean over outputs of a formula."""

    @inner
    def row(z, y, r):
        real, width = z.dtype.type, z.shape[1]
        total = real(0)
        for c in range(width):
            total += formula(z[r, c], y[r, c])
        return total / real(width)

    return row


mse_row, huber_row = averaged_row(mse), averaged_row(huber)
binary_cross_entropy_row = averaged_row(binary_cross_entropy)
squared_error_row = averaged_score_row(squared_error)
side_of_zero_row = averaged_score_row(side_of_zero)


@inner
def cross_entropy_row(dz, z, y, r, scale):
    """-log softmax(z)[y] of a row; see `losses.cross_entropy_loss`."""
    norm, largest = z.dtype.type(0), z[r, 0]
    for c in range(1, z.shape[1]):
        largest = max(largest, z[r, c])
    for c in range(z.shape[1]):
        e = exp(z[r, c] - largest)
        dz[r, c] = e
        norm += e
    share, k = scale / norm, int(y[r, 0])
    for c in range(z.shape[1]):
        dz[r, c] *= share
    dz[r, k] -= scale
    return math.log(norm) - (z[r, k] - largest)


@inner
def soft_cross_entropy_row(dz, z, y, r, scale):
    """-sum_c y_c log softmax(z)_c of a row; y holds the shares of the classes.

    Shares need not be 0 or 1, nor sum to 1, as those of smoothed or mixed labels do.
    Source: Szegedy et al. (2016), section 7, eq. 1.
    """
    zero, largest = z.dtype.type(0), z[r, 0]
    for c in range(1, z.shape[1]):
        largest = max(largest, z[r, c])
    norm, whole, inner_product = zero, zero, zero
    for c in range(z.shape[1]):
        e = exp(z[r, c] - largest)
        dz[r, c] = e
        norm += e
        whole += y[r, c]
        inner_product += y[r, c] * (z[r, c] - largest)
    share = whole * scale / norm
    for c in range(z.shape[1]):
        dz[r, c] = dz[r, c] * share - scale * y[r, c]
    return whole * math.log(norm) - inner_product


@inner
def largest_share_row(z, y, r):
    """1 if the row's highest logit is that of the class of the largest share, else 0.

    Of several equal ones the first counts, in logits and in shares alike.
    """
    k = 0
    for c in range(1, z.shape[1]):
        k = c if y[r, c] > y[r, k] else k
    mine, beaten = z[r, k], 0
    for c in range(z.shape[1]):
        below = (z[r, c] < mine) | ((z[r, c] == mine) & (c >= k))
        beaten += 0 if below else 1
    return z.dtype.type(1) if beaten == 0 else z.dtype.type(0)


@inner
def hinge_row(dz, z, y, r, scale):
    """One output: max(0, 1 - t z), t = 1 where y > 0, else -1. Cortes & Vapnik (1995).

    Several: sum over c != y of max(0, 1 + z_c - z_y). Weston & Watkins (1999).
    """
    zero, one, width = z.dtype.type(0), z.dtype.type(1), z.shape[1]
    if width == 1:
        t = one if y[r, 0] > zero else -one
        margin = one - t * z[r, 0]
        dz[r, 0] = -scale * t if margin > zero else zero
        # NaN must not pass as "no loss": it fails both comparisons.
        return zero if margin <= zero else margin
    k, total, pull = int(y[r, 0]), zero, zero
    for c in range(width):
        margin = one + z[r, c] - z[r, k]
        active = margin > zero and c != k
        dz[r, c] = scale if active else zero
        pull += dz[r, c]
        total += zero if c == k or margin <= zero else margin
    dz[r, k] = -pull
    return total


@inner
def highest_logit_row(z, y, r):
    """1 if the row's highest logit, the first if several, is that of the class, else 0.

    A logit that is not a number beats all: its row does not count.
    """
    k, beaten = int(y[r, 0]), 0
    mine = z[r, k]
    # Counted without a branch, which the processor could not predict.
    for c in range(z.shape[1]):
        below = (z[r, c] < mine) | ((z[r, c] == mine) & (c >= k))
        beaten += 0 if below else 1
    return z.dtype.type(1) if beaten == 0 else z.dtype.type(0)


@inner
def hinge_score_row(z, y, r):
    """Is the row correct? By the sign of one output, else by the highest."""
    if z.shape[1] == 1:
        return side_of_zero(z[r, 0], y[r, 0])
    return highest_logit_row(z, y, r)
