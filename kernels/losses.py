"""Losses: each a compiled pair, loss with gradient, and the score shown beside it.

`x_loss(dz, z, y, scale)` writes dz = scale dL/dz for every row and returns the sum of
the rows' losses; `x_score(z, y)` returns the sum of the rows' scores, which is the
number of correct rows for classification and the squared error for regression (the
training loop turns it into accuracy or R^2). z: float[b, o], the network's output; y:
float[b, 1] class numbers, or float[b, o] targets. A row's loss is the mean over its o
outputs where there are several targets, so the batch mean is that of the usual
definitions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from .exponential import exp
from .jit import jit
from .sampling import BERNOULLI, CATEGORICAL, NO_SAMPLER, NORMAL
from .views import vector

HUBER_DELTA = 1.0


def mse_loss(dz, z, y, scale):
    """Mean over outputs of (z - y)^2. Legendre (1805)."""
    total, width = 0.0, z.shape[1]
    slope = z.dtype.type(2.0 * scale / width)
    for r in range(z.shape[0]):
        for c in range(width):
            error = z[r, c] - y[r, c]
            total += error * error
            dz[r, c] = slope * error
    return total / width


def squared_error(z, y):
    """Sum over rows of the mean squared error of a row."""
    total = 0.0
    for r in range(z.shape[0]):
        for c in range(z.shape[1]):
            error = z[r, c] - y[r, c]
            total += error * error
    return total / z.shape[1]


def huber_loss(dz, z, y, scale):
    """e^2 / 2 where |e| <= 1, else |e| - 1/2; mean over outputs.

    Source: Huber (1964).
    """
    total, width = 0.0, z.shape[1]
    slope = z.dtype.type(scale / width)
    limit = z.dtype.type(HUBER_DELTA)
    for r in range(z.shape[0]):
        for c in range(width):
            error = z[r, c] - y[r, c]
            size = abs(error)
            if size <= limit:
                total += 0.5 * error * error
                dz[r, c] = slope * error
            else:
                total += limit * (size - 0.5 * limit)
                dz[r, c] = slope * math.copysign(limit, error)
    return total / width


def cross_entropy_loss(dz, z, y, scale):
    """-log softmax(z)[y], by the log-sum-exp shifted by the largest logit.

    Source: Bridle (1990) for the softmax; Blanchard, Higham & Higham (2021) for the
    shift.
    """
    total, width = 0.0, z.shape[1]
    factor = z.dtype.type(scale)
    for r in range(z.shape[0]):
        largest = z[r, 0]
        for c in range(1, width):
            largest = max(largest, z[r, c])
        for c in range(width):
            dz[r, c] = z[r, c] - largest
        total -= dz[r, int(y[r, 0])]
    flat = vector(dz, 0, dz.size)
    for k in range(flat.size):  # one long loop: rows are too short to vectorise
        flat[k] = exp(flat[k])
    for r in range(z.shape[0]):
        norm = z.dtype.type(0)
        for c in range(width):
            norm += dz[r, c]
        total += math.log(norm)
        share = factor / norm
        for c in range(width):
            dz[r, c] *= share
        dz[r, int(y[r, 0])] -= factor
    return total


def highest_logit(z, y):
    """Number of rows whose highest logit, the first if several, is that of the class.

    A logit that is not a number beats all: its row does not count.
    """
    correct = 0.0
    for r in range(z.shape[0]):
        k, beaten = int(y[r, 0]), 0
        mine = z[r, k]
        # Counted without a branch, which the processor could not predict.
        for c in range(z.shape[1]):
            below = (z[r, c] < mine) | ((z[r, c] == mine) & (c >= k))
            beaten += 1 - below
        correct += beaten == 0
    return correct


def binary_cross_entropy_loss(dz, z, y, scale):
    """max(z, 0) - z y + log(1 + exp(-|z|)), mean over outputs; y in [0, 1].

    Source: Cox (1958), in the form that cannot overflow.
    """
    total, width = 0.0, z.shape[1]
    one, factor = z.dtype.type(1), z.dtype.type(scale / width)
    for r in range(z.shape[0]):
        for c in range(width):
            e = exp(-abs(z[r, c]))
            total += max(z[r, c], z.dtype.type(0)) - z[r, c] * y[r, c] + math.log1p(e)
            p = (one if z[r, c] >= 0 else e) / (one + e)
            dz[r, c] = factor * (p - y[r, c])
    return total / width


def side_of_zero(z, y):
    """Sum over rows of the share of outputs on the side of zero that y > 0 says."""
    correct = 0.0
    for r in range(z.shape[0]):
        for c in range(z.shape[1]):
            correct += (z[r, c] > 0) == (y[r, c] > 0)
    return correct / z.shape[1]


def hinge_loss(dz, z, y, scale):
    """One output: max(0, 1 - t z), t = 1 where y > 0, else -1. Cortes & Vapnik (1995).

    Several: sum over c != y of max(0, 1 + z_c - z_y). Weston & Watkins (1999).
    """
    total, width = 0.0, z.shape[1]
    one, zero, factor = z.dtype.type(1), z.dtype.type(0), z.dtype.type(scale)
    for r in range(z.shape[0]):
        if width == 1:
            t = one if y[r, 0] > 0 else -one
            margin = one - t * z[r, 0]
            dz[r, 0] = -factor * t if margin > 0 else zero
            # NaN must not pass as "no loss": it fails both comparisons.
            total += zero if margin <= 0 else margin
            continue
        k = int(y[r, 0])
        pull = zero
        for c in range(width):
            margin = one + z[r, c] - z[r, k]
            active = margin > 0 and c != k
            dz[r, c] = factor if active else zero
            pull += dz[r, c]
            total += zero if c == k or margin <= 0 else margin
        dz[r, k] = -pull
    return total


def hinge_score(z, y):
    """Number of correct rows: by the sign of one output, else by the highest."""
    if z.shape[1] == 1:
        return _side_of_zero(z, y)
    return _highest_logit(z, y)


_side_of_zero, _highest_logit = jit(side_of_zero), jit(highest_logit)


@dataclass(frozen=True)
class Loss:
    """A loss, its score and the kind of target it takes.

    target: `class` (class numbers, one column), `binary` (0/1 or -1/1, as many columns
    as outputs), `value` (real numbers, as many columns as outputs) or `margin`
    (`binary` for one output, `class` for several). sampler: how to draw a target of the
    likelihood exp(-loss), see `sampling`; `NO_SAMPLER` where there is none.
    """

    loss: Callable
    score: Callable
    target: str
    sampler: int = NO_SAMPLER


LOSSES = {
    "mse": Loss(mse_loss, squared_error, "value", NORMAL),
    "huber": Loss(huber_loss, squared_error, "value"),
    "cross_entropy": Loss(cross_entropy_loss, highest_logit, "class", CATEGORICAL),
    "binary_cross_entropy": Loss(
        binary_cross_entropy_loss, side_of_zero, "binary", BERNOULLI
    ),
    "hinge": Loss(hinge_loss, hinge_score, "margin"),
}
