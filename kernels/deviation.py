"""The divisors of RMSprop, shared by its variants: running roots of squares."""

import math

from .jit import inner


@inner
def root_mean_square(state, i, d, alpha, rest, eps):
    """v <- alpha v + rest d^2, v: state[0, i]. Returns sqrt(v) + eps."""
    v = alpha * state[0, i] + rest * d * d
    state[0, i] = v
    return math.sqrt(v) + eps


@inner
def deviation(state, i, d, alpha, rest, eps):
    """v as above, a <- alpha a + rest d, a: state[1, i]. Returns sqrt(v - a^2) + eps.

    A variance below 0 by rounding counts as 0.
    """
    v = alpha * state[0, i] + rest * d * d
    a = alpha * state[1, i] + rest * d
    state[0, i], state[1, i] = v, a
    variance, zero = v - a * a, type(alpha)(0)
    return math.sqrt(zero if variance < zero else variance) + eps
