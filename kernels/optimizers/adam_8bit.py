"""Adam that keeps both moments as one byte a number, scaled block by block."""

import math

import numpy as np

from ..bounds import USUAL
from ..dynamic_codes import BLOCK, SIGNED, UNSIGNED, signed_code, unsigned_code
from ..elementwise import as_reals
from ..jit import inner
from ..optimizer import Optimizer
from ..tensors import count_tensors, tensor_at
from ..views import bytes_from, vector
from . import adam

_LEAST = np.uint8(1)  # code of the smallest number above zero
_BYTES = 4  # of a float32: in a float64 four codes stand too, and four bytes are free

_scalars = inner(adam.scalars)


@inner
def moments(p, g, first, second, tops, c):
    """(m, v, d) of one parameter, from its codes, its gradient and its block's scales.

    first, second: values of the codes; tops: those of the block; c: as of Adam.
    """
    b1, c1, b2, c2, decay = c
    d = g + decay * p
    return b1 * (tops[0] * first) + c1 * d, b2 * (tops[1] * second) + c2 * d * d


@inner
def tops_of(p, g, m, v, tops, c):
    """(t, u): the m largest in size, with its sign, and the largest v after this step.

    Both NaN where one is not finite. The sign: a negative gradient mirrors the step.
    p, g: float[k]; m, v: uint8[k], codes before it; tops: of the block before it.
    """
    zero, infinite = p.dtype.type(0), p.dtype.type(math.inf)
    top, above, wrong = zero, zero, 0
    for i in range(p.size):
        first = p.dtype.type(SIGNED[m[i]])
        second = p.dtype.type(UNSIGNED[v[i]])
        size, square = moments(p[i], g[i], first, second, tops, c)
        top = size if abs(size) > abs(top) else top
        above = square if square > above else above
        # Not isfinite, which subtracts: of a sum that is reassociated nothing is left.
        wrong += 0 if abs(size) < infinite and square < infinite else 1
    if wrong > 0:
        return p.dtype.type(math.nan), p.dtype.type(math.nan)
    return top, above


@inner
def block_step(p, g, m, v, scales, c):
    """Move a block by its moments, then keep them as codes. In place.

    p, g: float[k]; m, v: uint8[k]; scales: float[2], of m and of v; c: Adam's scalars.
    """
    b1, c1, b2, c2, rate, root, eps, decay, keep = c
    short, one, tiny = (b1, c1, b2, c2, decay), type(b1)(1), type(b1)(0)
    old = scales[0], scales[1]
    new = tops_of(p, g, m, v, old, short)
    to_m = one / new[0] if new[0] != tiny else tiny
    to_v = one / new[1] if new[1] != tiny else tiny
    for i in range(p.size):
        first = p.dtype.type(SIGNED[m[i]])
        second = p.dtype.type(UNSIGNED[v[i]])
        size, square = moments(p[i], g[i], first, second, old, short)
        p[i] = keep * p[i] - rate * size * (one / (math.sqrt(square) * root + eps))
        m[i], code = signed_code(size * to_m), unsigned_code(square * to_v)
        v[i] = _LEAST if code == 0 and square > tiny else code
    scales[0], scales[1] = new


def update(p, g, state, hyper, step, layout):
    """Adam's step; then, in blocks of 2048 of each tensor, both moments are rounded.

    m <- t q(m / t) and v <- u q(v / u), t and u of `tops_of` and q the nearest value of
    a code of eight bits, but above zero for a v above zero: a later gradient of zero
    would divide m by eps alone (the zero-point problem: Li, Chen & Zhu 2023, "Memory
    efficient optimizers with 4-bit states"). The step is taken by the moments before
    they are rounded. state: codes of m, codes of v, four in the place of a number, then
    both scales of each block. hyper: as of Adam.
    """
    c = as_reals(_scalars(hyper, step), p)
    room = (p.size + _BYTES - 1) // _BYTES
    first, second = bytes_from(state, 0, p.size), bytes_from(state, room, p.size)
    place = 2 * room
    for k in range(count_tensors(layout)):
        start, size, _ = tensor_at(layout, p.size, k)
        for at in range(start, start + size, BLOCK):
            count = min(BLOCK, start + size - at)
            block_step(
                vector(p, at, count),
                vector(g, at, count),
                vector(first, at, count),
                vector(second, at, count),
                vector(state, place, 2),
                c,
            )
            place += 2


def codes(n, layout):
    """Places of numbers that the codes of both moments of n parameters take."""
    return 2 * -(-n // _BYTES)


def tail(n, layout):
    """Numbers of the state: see `update`."""
    starts, sizes = layout[:, 0], layout[:, 1] * layout[:, 2]
    between = np.append(starts, n) - np.append(0, starts + sizes)
    return codes(n, layout) + 2 * int((-(-np.append(sizes, between) // BLOCK)).sum())


OPTIMIZER = Optimizer(
    name="adam_8bit",
    rule=update,
    slots=0,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "decoupled_weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Dettmers, Lewis, Shleifer & Zettlemoyer (2022), sections 2.1 and 2.2",
    tail=tail,
    codes=codes,
)
