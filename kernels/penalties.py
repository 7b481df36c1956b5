"""L1, L2 and elastic-net penalties on the weights; biases are left free.

penalty = l1 sum |w| + l2/2 sum w^2. Sources: Hoerl & Kennard (1970) for L2; Tibshirani
(1996) for L1; Zou & Hastie (2005), eq. 3, for both together.
"""

from .jit import jit


@jit
def add_penalty(g, p, layout, l1, l2):
    """g += d penalty / d p on the weight matrices; returns the penalty.

    g, p: float[n]; layout: int64[k, 3] (offset, inputs, outputs) of the matrices.
    """
    total = 0.0
    a, b, zero = p.dtype.type(l1), p.dtype.type(l2), p.dtype.type(0)
    half = p.dtype.type(0.5)
    for k in range(layout.shape[0]):
        start = layout[k, 0]
        for i in range(start, start + layout[k, 1] * layout[k, 2]):
            w = p[i]
            sign = a if w > zero else (-a if w < zero else zero)
            g[i] += sign + b * w
            total += sign * w + half * b * w * w
    return total
