"""L1, L2 and elastic-net penalties on the weights; biases are left free.

penalty = l1 sum |w| + l2/2 sum w^2. Sources: Hoerl & Kennard (1970) for L2; Tibshirani
(1996) for L1; Zou & Hastie (2005), eq. 3, for both together.
"""

import numpy as np

from .jit import inner, jit
from .views import vector


@inner
def square(value):
    """value^2 as a float64: in float32 it is infinite from 2e19 on, 0 below 1e-23."""
    wide = np.float64(value)
    return wide * wide


@inner
def sum_of_squares(g):
    """|g|^2 as a float64. g: float[n]."""
    total = 0.0
    for i in range(g.size):
        total += square(g[i])
    return total


@inner
def penalised_slope(g, w, l1, l2):
    """g + d penalty / d w of one weight; all in its type."""
    zero = type(w)(0)
    # Two selections instead of a branch: this vectorises.
    sign = (l1 if w > zero else zero) - (l1 if w < zero else zero)
    return g + sign + l2 * w


@inner
def penalised(g, w, l1, l2):
    """g += d penalty / d w, and |g|^2 of the result, in one pass. float[n]."""
    a, b = w.dtype.type(l1), w.dtype.type(l2)
    total = 0.0
    for i in range(g.size):
        d = penalised_slope(g[i], w[i], a, b)
        g[i] = d
        total += square(d)
    return total


@jit
def add_penalty(g, p, matrices, part, l1, l2):
    """g += d penalty / d p on the weights of a part; returns |g|^2 of the part.

    g, p: float[n]; matrices: int64[k, 3] (offset, inputs, outputs) in their order;
    part: (start, stop) of the parameters.
    """
    start, stop = part
    if l1 == 0.0 and l2 == 0.0:
        return sum_of_squares(vector(g, start, stop - start))
    total = 0.0
    for k in range(matrices.shape[0]):
        first = matrices[k, 0]
        low, high = (
            max(start, first),
            min(stop, first + matrices[k, 1] * matrices[k, 2]),
        )
        if low < high:
            total += sum_of_squares(vector(g, start, low - start))
            total += penalised(
                vector(g, low, high - low), vector(p, low, high - low), l1, l2
            )
            start = high
    return total + sum_of_squares(vector(g, start, stop - start))
