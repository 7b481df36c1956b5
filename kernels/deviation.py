"""The divisors of RMSprop, shared by its variants: running roots of squares."""

import math

from .jit import inner


@inner
def root_mean_square(v, i, d, alpha, rest, eps):
    """v[i] <- alpha v[i] + rest d^2. Returns sqrt(v[i]) + eps."""
    v[i] = alpha * v[i] + rest * d * d
    return math.sqrt(v[i]) + eps


@inner
def deviation(v, a, i, d, alpha, rest, eps):
    """v as above, a[i] <- alpha a[i] + rest d. Returns sqrt(v[i] - a[i]^2) + eps.

    A variance below 0 by rounding counts as 0.
    """
    v[i] = alpha * v[i] + rest * d * d
    a[i] = alpha * a[i] + rest * d
    variance, zero = v[i] - a[i] * a[i], v.dtype.type(0)
    return math.sqrt(zero if variance < zero else variance) + eps
