"""Losses of weighted rows: y has one column more, the weight of each row.

A row's loss, slope and score are those of the plain loss times its weight. Weights are
scaled to a mean of 1, so that the mean over rows is the weighted mean, and a batch's
gradient is an unbiased estimate of that of all rows. On all rows at once a weight of k
is the same as k copies of the row.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from . import loss_rows as rows
from . import sampling
from .loss_rows import averaged_row, averaged_score_row
from .losses import LOSSES, Loss, widened
from .reading import as_numbers
from .validation import check_finite

PREFIX = "weighted "  # of the name of a loss, such as "weighted mse"
# Whose squares of float32 do not overflow, as those of the plain loss.
_WIDE = {"mse": averaged_row(widened(rows.mse))}
_WIDE_SCORES = dict.fromkeys(
    ("mse", "huber"), averaged_score_row(widened(rows.squared_error))
)


def weighted_loss(row):
    """The loss that is the weighted sum over rows of a row function."""

    def loss(dz, z, y, scale):
        total, last, factor = 0.0, y.shape[1] - 1, z.dtype.type(scale)
        for r in range(z.shape[0]):
            weight = y[r, last]
            total += weight * row(dz, z, y, r, factor * weight)
        return total

    return loss


def weighted_score(row):
    """The score that is the weighted sum over rows of a row function."""

    def score(z, y):
        total, last = 0.0, y.shape[1] - 1
        for r in range(z.shape[0]):
            total += y[r, last] * row(z, y, r)
        return total

    return score


@cache
def loss_named(name) -> Loss:
    """The `Loss` of a name: a key of `LOSSES`, or one behind `PREFIX`.

    Targets of a weighted one are never drawn: its likelihood is no distribution's.
    """
    if not name.startswith(PREFIX):
        return LOSSES[name]
    key = name.removeprefix(PREFIX)
    plain = LOSSES[key]
    return replace(
        plain,
        loss=weighted_loss(_WIDE.get(key, plain.loss_row)),
        score=weighted_score(_WIDE_SCORES.get(key, plain.score_row)),
        sampler=sampling.NO_SAMPLER,
    )


def weigh_rows(net, y, weights, validation):
    """(the network with its loss weighted, y, validation), y with a column of weights.

    weights: float[rows], from zero on, not all zero. validation: None, (x, y) or (x, y,
    weights), comes back as a pair. ValueError or TypeError on other weights.
    """
    y = _with_weights("sample_weight", "y", y, weights)
    if isinstance(validation, tuple | list) and len(validation) in (2, 3):
        x_new, y_new, *w_new = validation
        w = w_new[0] if w_new else np.ones(len(as_numbers("validation y", y_new)))
        name = "validation sample_weight"
        validation = x_new, _with_weights(name, "validation y", y_new, w)
    return replace(net, loss=PREFIX + net.loss), y, validation


def _with_weights(name, y_name, y, weights):
    """float64[rows, k + 1]: y, and weights scaled to a mean of 1."""
    y, w = as_numbers(y_name, y), as_numbers(name, weights).astype(np.float64)
    if y.ndim not in (1, 2) or w.shape != y.shape[:1]:
        raise ValueError(
            f"{name} must hold one weight a row, shape {y.shape[:1]}, got {w.shape}"
        )
    if w.size and (check_finite(name, w).min() < 0 or w.max() <= 0):
        raise ValueError(f"{name} must be from zero on, and above zero for some row")
    scaled = w * (w.size / w.sum()) if w.size else w
    return np.column_stack([y.astype(np.float64), scaled])
