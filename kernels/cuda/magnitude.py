"""Norms of numbers whose squares are beyond float32, without float64.

A sum of squares is two sums: low of those up to `LARGE`, high of the larger ones, each
multiplied by `SCALE` first. In float32 neither overflows below 2**31 numbers: low stays
below 2**(80 + 31), high below 2**(96 + 31). As Blue (1978), ACM TOMS 4(1), less the
third sum, of numbers too small: those add nothing here, as in a plain sum.
"""

import math

from ..jit import inner

LARGE, SCALE = 2.0**40, 2.0**-80


@inner
def add_square(sums, x):
    """(low, high) with x^2 added."""
    low, high = sums
    zero, large = type(x)(0), abs(x) > type(x)(LARGE)
    part = x * type(x)(SCALE) if large else x
    square = part * part
    return low + (zero if large else square), high + (square if large else zero)


@inner
def root(low, high):
    """The norm; NaN where one of the numbers was not finite."""
    real = type(low)
    norm = math.sqrt(low)
    if high > real(0):
        large = math.sqrt(high) * real(1.0 / SCALE)
        norm = large * math.sqrt(real(1) + (norm / large) * (norm / large))
    return norm if math.isfinite(norm) else real(math.nan)


def added(low, high):
    """low + high / SCALE^2 on the host, in float64."""
    return low + high / SCALE**2
