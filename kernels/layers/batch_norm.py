"""Batch normalisation: each feature to mean 0 and variance 1 over the batch.

Source: Ioffe & Szegedy (2015), algorithm 1 (training), algorithm 2 (evaluation).
"""

import math
from dataclasses import dataclass

from .. import table
from ..bounds import SHARE
from ..layer import Kind, Layer, LayerPlan
from ..validation import check_number
from ..views import matrix

EPS = 1e-5  # added to a variance


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = scale (x - mean) / sqrt(variance + eps) + shift.

    w: scale[c], shift[c]; kept, of its first row: mean[c], then 1 / sqrt(variance +
    eps). Mean and variance are of all rows and places in training, and the statistics
    in evaluation.
    """
    c = row[table.VECTOR] // 2
    u = matrix(x, 0, x.size // c, c)
    v = matrix(y, 0, x.size // c, c)
    for k in range(c):
        mean, variance = 0.0, 0.0
        if draw[2] == table.EVALUATE:
            mean, variance = float(tail[k]), float(tail[c + k])
        else:
            for r in range(u.shape[0]):
                mean += u[r, k]
            mean /= u.shape[0]
            for r in range(u.shape[0]):
                variance += (u[r, k] - mean) ** 2
            variance /= u.shape[0]
        kept[0, k], kept[0, c + k] = mean, 1.0 / math.sqrt(variance + EPS)
    for r in range(u.shape[0]):
        for k in range(c):
            v[r, k] = w[k] * ((u[r, k] - kept[0, k]) * kept[0, c + k]) + w[c + k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = scale / deviation (dy - mean dy - x^ mean(dy x^)), in training.

    x^ = (x - mean) / deviation. In evaluation mean and deviation are constants.
    Source: Ioffe & Szegedy (2015), section 3.
    """
    if dx.shape[0] == 0:
        return
    c = row[table.VECTOR] // 2
    u, d = matrix(x, 0, x.size // c, c), matrix(dz, 0, x.size // c, c)
    out, rows = matrix(dx, 0, x.size // c, c), x.size // c
    for k in range(c):
        mean, inverse = kept[0, k], kept[0, c + k]
        total, product = 0.0, 0.0
        if draw[2] != table.EVALUATE:
            for r in range(rows):
                total += d[r, k]
                product += d[r, k] * ((u[r, k] - mean) * inverse)
        a, b = x.dtype.type(total / rows), x.dtype.type(product / rows)
        for r in range(rows):
            x_hat = (u[r, k] - mean) * inverse
            out[r, k] = w[k] * inverse * (d[r, k] - a - x_hat * b)


def gradient(dw, dz, kept, x, y, row, part, more):
    """d scale = sum of dy x^; d shift = sum of dy."""
    c = row[table.VECTOR] // 2
    u, d = matrix(x, 0, x.size // c, c), matrix(dz, 0, x.size // c, c)
    for k in range(c):
        scale, shift = 0.0, 0.0
        for r in range(u.shape[0]):
            scale += d[r, k] * ((u[r, k] - kept[0, k]) * kept[0, c + k])
            shift += d[r, k]
        if more:
            scale += dw[k]
            shift += dw[c + k]
        dw[k], dw[c + k] = scale, shift


def absorb(tail, kept, row, real):
    """tail += real (that of the batch - tail): running mean and variance.

    real: the momentum. Variance as forward kept it, of all rows and not one fewer.
    """
    c = row[table.VECTOR] // 2
    for k in range(c):
        inverse = float(kept[0, c + k])
        variance = 1.0 / (inverse * inverse) - EPS
        tail[k] += real * (kept[0, k] - tail[k])
        tail[c + k] += real * (variance - tail[c + k])


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Features of the last axis to mean 0 and variance 1 over the batch, then scaled.

    momentum: how much of a batch's statistics goes into the running ones, in (0, 1].
    Rows of a batch meet: it is passed as a whole, without micro-batches. Input and
    output [..., c]; scale, shift and both statistics are float[c].
    """

    momentum: float = 0.1
    kind = Kind(
        "batch_norm",
        forward,
        backward,
        gradient=gradient,
        absorb=absorb,
        reads_output=False,
        cut="batch",
        source="Ioffe & Szegedy (2015), algorithms 1 and 2",
    )

    def __post_init__(self):
        check_number("momentum", self.momentum, SHARE)

    @property
    def setting(self):
        return float(self.momentum)

    def plan(self, shape):
        c = shape[-1]
        return LayerPlan(
            shape,
            vector=2 * c,
            kept=2 * c,
            tail=2 * c,
            work=2 * math.prod(shape),
            parts=(("scale", (c,)), ("shift", (c,))),
            tail_parts=(("running_mean", (c,)), ("running_var", (c,))),
        )

    def start(self, vector, tail):
        """Scale 1, shift 0; running mean 0, running variance 1."""
        vector[: len(vector) // 2] = 1
        tail[len(tail) // 2 :] = 1


EXAMPLES = (((4,), BatchNorm()), ((2, 3, 2), BatchNorm(0.5)))
