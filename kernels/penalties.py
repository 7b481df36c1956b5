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
    a, b, zero = p.dtype.type(l1), p.dtype.type(l2), p.dtype.type(0)
    half, total = p.dtype.type(0.5), 0.0
    for k in range(layout.shape[0]):
        start, size = layout[k, 0], layout[k, 1] * layout[k, 2]
        w, dw, part = p[start : start + size], g[start : start + size], zero
        # Two selections instead of a branch, and a sum in p's dtype: this vectorises.
        for i in range(size):
            sign = (a if w[i] > zero else zero) - (a if w[i] < zero else zero)
            dw[i] += sign + b * w[i]
            part += (sign + half * b * w[i]) * w[i]
        total += part
    return total
