"""Gradient clipping by the global norm and by value. An infinite limit is none."""

import math

from .jit import inner, jit


@inner
def shrink(norm, most):
    """What scales a gradient to the norm `most`, where its own exceeds it; else 1.

    NaN where the norm is not finite but should be: what cannot be measured is not made
    zero. Pascanu, Mikolov & Bengio (2013), algorithm 1.
    """
    real = type(norm)
    if norm <= most or most == real(math.inf):
        return real(1)
    return real(most) / norm if norm < real(math.inf) else real(math.nan)


@inner
def within(value, limit):
    """The value, moved into [-limit, limit]; NaN passes as it is."""
    return math.copysign(limit, value) if abs(value) > limit else value


@jit
def clip(g, norm, max_norm, max_value):
    """Limit a gradient, float[n], or part of it, in place and in one pass.

    Scaled to `max_norm` where the whole gradient's L2 norm exceeds it, see `shrink`;
    then each entry is limited to +-`max_value`.
    """
    real = g.dtype.type
    factor = real(shrink(norm, max_norm))
    if max_value < math.inf:
        limit = real(max_value)
        for i in range(g.size):
            g[i] = within(factor * g[i], limit)
    elif factor != real(1):
        for i in range(g.size):
            g[i] *= factor
