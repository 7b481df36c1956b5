"""Gradient clipping by the global norm and by value."""

from .jit import inner, jit


@inner
def shrink(norm, most):
    """What scales a gradient to the norm `most`, where its own exceeds it; else 1.

    A `most` of 0 is no limit. Pascanu, Mikolov & Bengio (2013), algorithm 1.
    """
    zero = type(norm)(0)
    return most / norm if zero < most < norm else zero + type(norm)(1)


@inner
def within(value, limit):
    """The value, moved into [-limit, limit]; a limit of 0 is none."""
    return min(max(value, -limit), limit) if limit > type(limit)(0) else value


@jit
def clip(g, norm, max_norm, max_value):
    """Limit a gradient, float[n], or part of it, in place and in one pass.

    Scaled to `max_norm` where the whole gradient's L2 norm exceeds it, see `shrink`;
    then each entry is limited to +-`max_value`. A limit of 0 is none.
    """
    real = g.dtype.type
    factor = real(shrink(norm, max_norm))
    if max_value > 0.0:
        limit = real(max_value)
        for i in range(g.size):
            g[i] = within(factor * g[i], limit)
    elif factor != real(1):
        for i in range(g.size):
            g[i] *= factor
