"""Gradient clipping by the global norm and by value."""

from .jit import jit


@jit
def clip(g, norm, max_norm, max_value):
    """Limit a gradient, float[n], or part of it, in place and in one pass.

    Scaled to `max_norm` where the whole gradient's L2 norm exceeds it: Pascanu, Mikolov
    & Bengio (2013), algorithm 1; then each entry is limited to +-`max_value`. A limit
    of 0 is none.
    """
    real = g.dtype.type
    factor = real(max_norm / norm) if 0.0 < max_norm < norm else real(1)
    if max_value > 0.0:
        limit = real(max_value)
        for i in range(g.size):
            g[i] = min(max(factor * g[i], -limit), limit)
    elif factor != real(1):
        for i in range(g.size):
            g[i] *= factor
