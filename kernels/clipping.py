"""Gradient clipping by the global norm and by value."""

import math

from .jit import jit


@jit
def clip(g, max_norm, max_value):
    """g: float[n], in place; returns its L2 norm before clipping.

    Scaled to `max_norm` where the norm exceeds it: Pascanu, Mikolov & Bengio (2013),
    algorithm 1; then each entry is limited to +-`max_value`. A limit of 0 is none.
    """
    total = 0.0
    for i in range(g.size):
        total += g[i] * g[i]
    norm = math.sqrt(total)
    if max_norm > 0.0 and norm > max_norm:
        factor = g.dtype.type(max_norm / norm)
        for i in range(g.size):
            g[i] *= factor
    if max_value > 0.0:
        limit = g.dtype.type(max_value)
        for i in range(g.size):
            g[i] = min(max(g[i], -limit), limit)
    return norm
