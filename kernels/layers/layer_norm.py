"""Layer normalisation: the features of each row to mean 0 and variance 1.

Source: Ba, Kiros & Hinton (2016), eq. 3 and 4.
"""

import math
from dataclasses import dataclass

from .. import table
from ..layer import Kind, Layer, LayerPlan
from ..views import matrix

EPS = 1e-5  # added to a variance


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = scale (x - mean) / sqrt(variance + eps) + shift, over the last axis.

    w: scale[c], shift[c]; kept, of each token: mean, 1 / sqrt(variance + eps).
    """
    c = row[table.VECTOR] // 2
    tokens = x.size // c
    u, v, found = matrix(x, 0, tokens, c), matrix(y, 0, tokens, c), kept
    found = matrix(kept, 0, tokens, 2)
    for r in range(tokens):
        mean, variance = 0.0, 0.0
        for k in range(c):
            mean += u[r, k]
        mean /= c
        for k in range(c):
            variance += (u[r, k] - mean) ** 2
        found[r, 0], found[r, 1] = mean, 1.0 / math.sqrt(variance / c + EPS)
        for k in range(c):
            v[r, k] = w[k] * ((u[r, k] - found[r, 0]) * found[r, 1]) + w[c + k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = (s dy - mean(s dy) - x^ mean(s dy x^)) / deviation, s the scale.

    x^ = (x - mean) / deviation; means over the features of a token.
    """
    if dx.shape[0] == 0:
        return
    c = row[table.VECTOR] // 2
    tokens, real_of = x.size // c, x.dtype.type
    u, d, out = (
        matrix(x, 0, tokens, c),
        matrix(dz, 0, tokens, c),
        matrix(dx, 0, tokens, c),
    )
    found = matrix(kept, 0, tokens, 2)
    for r in range(tokens):
        mean, inverse, total, product = found[r, 0], found[r, 1], 0.0, 0.0
        for k in range(c):
            slope = w[k] * d[r, k]
            total += slope
            product += slope * ((u[r, k] - mean) * inverse)
        a, b = real_of(total / c), real_of(product / c)
        for k in range(c):
            x_hat = (u[r, k] - mean) * inverse
            out[r, k] = inverse * (w[k] * d[r, k] - a - x_hat * b)


def gradient(dw, dz, kept, x, y, row, part, more):
    """d scale = sum of dy x^; d shift = sum of dy."""
    c = row[table.VECTOR] // 2
    tokens = x.size // c
    u, d, found = (
        matrix(x, 0, tokens, c),
        matrix(dz, 0, tokens, c),
        matrix(kept, 0, tokens, 2),
    )
    if not more:
        dw[:] = 0
    for r in range(tokens):
        for k in range(c):
            dw[k] += d[r, k] * ((u[r, k] - found[r, 0]) * found[r, 1])
            dw[c + k] += d[r, k]


@dataclass(frozen=True)
class LayerNorm(Layer):
    """Features of the last axis of each row to mean 0 and variance 1, then scaled.

    y = scale (x - mean) / sqrt(variance + 1e-5) + shift, float[c] both. Input and
    output [..., c].
    """

    kind = Kind(
        "layer_norm",
        forward,
        backward,
        gradient=gradient,
        reads_output=False,
        source="Ba, Kiros & Hinton (2016), eq. 3 and 4",
    )

    def plan(self, shape):
        c = shape[-1]
        return LayerPlan(
            shape,
            vector=2 * c,
            kept=2 * math.prod(shape[:-1]),
            work=2 * math.prod(shape),
            parts=(("scale", (c,)), ("shift", (c,))),
        )

    def start(self, vector, tail):
        """Scale 1, shift 0."""
        vector[: len(vector) // 2] = 1


EXAMPLES = (((5,), LayerNorm()), ((3, 4), LayerNorm()))
