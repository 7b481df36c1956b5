"""Targets drawn from the network's own predictions.

The gradients of a loss -log p(y | z) at y drawn from p have mean zero, and their second
moments are the Gauss-Newton matrix: Liu et al. (2023), section 2.3.
"""

import math

from .exponential import exp
from .jit import inner, jit
from .philox import TARGETS, normal_pair_as, philox, unit_as

# Entries of a draw, uint32[5]: its key, step, first row, and how it draws targets.
SAMPLER = 4
NO_SAMPLER, CATEGORICAL, BERNOULLI, NORMAL = range(4)
_SPREAD = math.sqrt(0.5)


@jit
def draw_targets(y, z, draw):
    """y drawn from exp(-loss) at outputs z. float[b, k]; float[b, o]; draw: uint32[5].

    `CATEGORICAL`: the class, from softmax(z). Of each output by itself: `BERNOULLI`: 1
    with probability 1 / (1 + exp(-z)), else 0; `NORMAL`: z + N(0, 1/2), as exp(-(z -
    y)^2) says. A draw depends on key, step, row of the batch and output, and no more.
    """
    for r in range(y.shape[0]):
        for c in range(y.shape[1]):
            words = philox(draw[3] + r, draw[2], TARGETS, c, draw[0], draw[1])
            y[r, c] = draw_target(z, r, c, draw[SAMPLER], words[0], words[1], 1.0)


@inner
def draw_target(z, r, c, sampler, word0, word1, like):
    """Entry (r, c) of `draw_targets` from two uint32, in the type of `like`."""
    real, share = type(like), unit_as(word0, like)
    if sampler == CATEGORICAL:
        return real(draw_class(z, r, share))
    if sampler == BERNOULLI:
        return real(1 if share * (real(1) + exp(-z[r, c])) < real(1) else 0)
    return z[r, c] + real(_SPREAD) * normal_pair_as(word0, word1, like)[0]


@inner
def draw_class(z, r, share):
    """The class at which the sum of softmax(z[r]) passes `share`, in (0, 1).

    Sums are in the type of share.
    """
    zero = type(share)(0)
    largest, total = z[r, 0], zero
    for c in range(1, z.shape[1]):
        largest = max(largest, z[r, c])
    for c in range(z.shape[1]):
        total += exp(z[r, c] - largest)
    left = share * total
    for c in range(z.shape[1] - 1):
        left -= exp(z[r, c] - largest)
        if left < zero:
            return c
    return z.shape[1] - 1
