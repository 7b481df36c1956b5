"""Losses: each a compiled pair, loss with gradient, and the score shown beside it.

`x_loss(dz, z, y, scale)` writes dz = scale dL/dz for every row and returns the sum of
the rows' losses; `x_score(z, y)` returns the sum of the rows' scores, which is the
number of correct rows for classification and the squared error for regression (the
training loop turns it into accuracy or R^2). z: float[b, o], the network's output; y:
float[b, 1] class numbers, or float[b, o] targets. A row's loss is the mean over its o
outputs where there are several targets, so the batch mean is that of the usual
definitions. Formulas are those of `loss_rows`; sums over rows are float64.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from . import loss_rows as rows
from . import sampling
from .declaration import Declared
from .exponential import exp
from .jit import inner
from .loss_rows import HUBER_DELTA
from .views import vector

__all__ = ["HUBER_DELTA", "LOSSES", "Loss"]


def widened(formula):
    """A formula of the outputs in float64, where squares of float32 do not overflow."""

    @inner
    def wide(z, y):
        return formula(np.float64(z), np.float64(y))

    return wide


def averaged_loss(formula):
    """The loss that is the mean over a row's outputs of a formula."""

    def loss(dz, z, y, scale):
        total, width, real = 0.0, z.shape[1], z.dtype.type
        factor = real(scale / width)
        for r in range(z.shape[0]):
            for c in range(width):
                value, slope = formula(z[r, c], y[r, c])
                total += value
                dz[r, c] = factor * real(slope)
        return total / width

    return loss


def averaged_score(formula):
    """The score that is the mean over a row's outputs of a formula."""

    def score(z, y):
        total = 0.0
        for r in range(z.shape[0]):
            for c in range(z.shape[1]):
                total += formula(z[r, c], y[r, c])
        return total / z.shape[1]

    return score


def summed_loss(row):
    """The loss that is the sum over rows of a row function."""

    def loss(dz, z, y, scale):
        total, factor = 0.0, z.dtype.type(scale)
        for r in range(z.shape[0]):
            total += row(dz, z, y, r, factor)
        return total

    return loss


def summed_score(row):
    """The score that is the sum over rows of a row function."""

    def score(z, y):
        total = 0.0
        for r in range(z.shape[0]):
            total += row(z, y, r)
        return total

    return score


def cross_entropy_loss(dz, z, y, scale):
    """-log softmax(z)[y], by the log-sum-exp shifted by the largest logit.

    Source: Bridle (1990) for the softmax; Blanchard, Higham & Higham (2021) for the
    shift. As `cross_entropy_row`, with all exponentials in one loop.
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


@dataclass(frozen=True)
class Loss(Declared):
    """A loss, its score and the kind of target it takes.

    loss, score: of a batch, see above; loss_row, score_row: of a row, as `loss_rows`
    says, for a thread of a GPU, which chooses them by number. target: `class` (class
    numbers, one column), `binary` (0/1 or -1/1, as many columns as outputs), `value`
    (real numbers, as many columns as outputs), `share` (shares of the classes, as many
    columns as outputs) or `margin` (`binary` for one output,
    `class` for several). sampler: how to draw a target of the likelihood exp(-loss),
    see `sampling`; `NO_SAMPLER` where there is none.
    """

    registry: ClassVar = (".losses", "LOSSES")

    number: int
    loss: Callable
    score: Callable
    loss_row: Callable
    score_row: Callable
    target: str
    sampler: int = sampling.NO_SAMPLER


_squared_error = averaged_score(widened(rows.squared_error))
# The fields of each behind its number.
_FIELDS = {
    "mse": (
        averaged_loss(widened(rows.mse)),
        _squared_error,
        rows.mse_row,
        rows.squared_error_row,
        "value",
        sampling.NORMAL,
    ),
    "huber": (
        averaged_loss(rows.huber),
        _squared_error,
        rows.huber_row,
        rows.squared_error_row,
        "value",
    ),
    "cross_entropy": (
        cross_entropy_loss,
        summed_score(rows.highest_logit_row),
        rows.cross_entropy_row,
        rows.highest_logit_row,
        "class",
        sampling.CATEGORICAL,
    ),
    "binary_cross_entropy": (
        averaged_loss(rows.binary_cross_entropy),
        averaged_score(rows.side_of_zero),
        rows.binary_cross_entropy_row,
        rows.side_of_zero_row,
        "binary",
        sampling.BERNOULLI,
    ),
    "hinge": (
        summed_loss(rows.hinge_row),
        summed_score(rows.hinge_score_row),
        rows.hinge_row,
        rows.hinge_score_row,
        "margin",
    ),
    "soft_cross_entropy": (
        summed_loss(rows.soft_cross_entropy_row),
        summed_score(rows.largest_share_row),
        rows.soft_cross_entropy_row,
        rows.largest_share_row,
        "share",
    ),
}
LOSSES = {
    name: Loss(number, *fields) for number, (name, fields) in enumerate(_FIELDS.items())
}
