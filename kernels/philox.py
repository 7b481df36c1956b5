"""Counter-based random numbers: Philox4x32-10.

A draw is a function of a key and a counter, so it is the same on any thread and any
device. Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy
as 1, 2, 3", section 3; test vectors from Random123's `kat_vectors`.
"""

import math

import numpy as np
from numba.extending import overload

from .jit import jit

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_TO_UNIT, _FROM_UNIT = 2.0**-32, 2.0**32

# Streams: the third word of the counter; layers use their own number from 16 on.
SHUFFLE, INITIAL, TARGETS, LAYERS = 0, 1, 2, 16


@jit
def philox(c0, c1, c2, c3, k0, k1):
    """Four random uint32 of counter (c0..c3) under key (k0, k1)."""
    c0, c1, c2, c3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    k0, k1 = np.uint32(k0), np.uint32(k1)
    for _ in range(10):
        p0 = _M0 * np.uint64(c0)
        p1 = _M1 * np.uint64(c2)
        high0, low0 = np.uint32(p0 >> _SHIFT), np.uint32(p0 & _LOW)
        high1, low1 = np.uint32(p1 >> _SHIFT), np.uint32(p1 & _LOW)
        c0, c1, c2, c3 = (
            np.uint32(high1 ^ c1 ^ k0),
            low1,
            np.uint32(high0 ^ c3 ^ k1),
            low0,
        )
        k0 = np.uint32(k0 + _W0)
        k1 = np.uint32(k1 + _W1)
    return c0, c1, c2, c3


@jit
def unit_as(word, like):
    """A uint32 as a number of the type of `like` in (0, 1); in float32 in (0, 1]."""
    real = type(like)
    return (real(word) + real(0.5)) * real(_TO_UNIT)


@jit
def unit(word):
    """A uint32 as a float64 in the open interval (0, 1)."""
    return unit_as(word, 1.0)


@jit
def keep_above(rate):
    """The uint32 that exactly those words exceed whose `unit` exceeds the rate.

    rate: float64, from 2^-33 to below 1; word 0 does not exceed what a lower one gives.
    """
    return np.uint32(max(0.0, math.floor(rate * _FROM_UNIT - 0.5)))


@jit
def normal_pair_as(word0, word1, like):
    """Two standard normal numbers of the type of `like` from two uint32.

    Source: Box & Muller (1958), equation 1.
    """
    real = type(like)
    # A device's logarithm of a number just below 1 may come out above 0.
    square = max(real(-2.0) * math.log(unit_as(word0, like)), real(0))
    cosine, sine = turned(unit_as(word1, like))
    radius = math.sqrt(square)
    return radius * cosine, radius * sine


def turned(share):
    """Cosine and sine of 2 pi share; a device has functions of its own for them."""
    angle = type(share)(2.0 * math.pi) * share
    return math.cos(angle), math.sin(angle)


@overload(turned)
def _compiled_turned(share):
    return turned


@jit
def normal_pair(word0, word1):
    """Two standard normal float64 from two uint32."""
    return normal_pair_as(word0, word1, 1.0)


@jit
def fill_uniform(out, low, high, stream, k0, k1):
    """out: float[n], uniform on (low, high). In place."""
    for i in range(0, out.size, 4):
        words = philox(i // 4, 0, stream, INITIAL, k0, k1)
        for j in range(min(4, out.size - i)):
            out[i + j] = low + (high - low) * unit(words[j])


@jit
def fill_normal(out, deviation, stream, k0, k1):
    """out: float[n], normal with mean 0 and the given standard deviation. In place."""
    for i in range(0, out.size, 4):
        w0, w1, w2, w3 = philox(i // 4, 0, stream, INITIAL, k0, k1)
        draws = normal_pair(w0, w1) + normal_pair(w2, w3)
        for j in range(min(4, out.size - i)):
            out[i + j] = deviation * draws[j]


@jit
def shuffle(order, epoch, k0, k1):
    """order: int64[rows], a random permutation of its entries. In place.

    Source: Durstenfeld (1964), Algorithm 235. The product of a uint32 and the range,
    divided by 2^32, is biased by less than rows / 2^32: Lemire (2019).
    """
    for i in range(order.size - 1, 0, -1):
        word = philox(i, epoch, SHUFFLE, 0, k0, k1)[0]
        j = np.int64((np.uint64(word) * np.uint64(i + 1)) >> _SHIFT)
        order[i], order[j] = order[j], order[i]
