"""Prodigy: AdamW whose learning rate is an estimate of the distance to the solution."""

import math

import numpy as np

from ..bounds import POSITIVE, SWITCH, USUAL
from ..jit import inner
from ..optimizer import Optimizer


@inner
def new_distance(d, scaled, total):
    """max(d, scaled / total), d where all gradients were 0, NaN where one was NaN."""
    if total == 0.0:
        return d
    estimate = scaled / total
    return d if estimate <= d else estimate


def update(p, g, state, hyper, step, layout):
    """Steps of AdamW with the learning rate d lr, d growing from d0:

    e = d lr sqrt(1 - b2^step) / (1 - b1^step);
    m <- b1 m + (1 - b1) d g;  v <- b2 v + (1 - b2) (d g)^2;
    r <- b3 r + (d / d0) e <g, p0 - p>;  s <- b3 s + (d / d0) f g;
    d <- max(d, d_coef r / |s|_1);
    p <- (1 - e weight_decay) p - e m / (sqrt v + d eps),

    with f = e, or f = d where `safeguard_warmup` is 1; beta3 = 0 stands for sqrt(b2);
    p0 are the parameters at the first step. lr is meant to be 1, or a schedule's
    factor. state: m, v, s, p0; behind m is d, behind v is r. hyper: (lr, beta1, beta2,
    beta3, eps, weight_decay, d0, d_coef, safeguard_warmup). As optax.contrib.prodigy.
    """
    real, n = p.dtype.type, p.size
    m, v = state[0], state[1]
    if step == 1:
        m[n] = real(hyper[6])
        for i in range(n):
            state[3, i] = p[i]
    d = float(m[n])
    b3 = hyper[3] if hyper[3] > 0.0 else math.sqrt(hyper[2])
    bias = math.sqrt(1.0 - hyper[2] ** step) / (1.0 - hyper[1] ** step)
    rate, scale = d * hyper[0] * bias, d / hyper[6]
    inside = accumulate(p, g, state, hyper, d, (b3, rate, scale))
    v[n] = real(b3 * v[n] + scale * rate * inside[0])
    d = new_distance(d, hyper[7] * v[n], inside[1])
    m[n] = real(d)
    eps, keep = real(d * hyper[4]), real(1.0 - rate * hyper[5])
    for i in range(n):
        p[i] = keep * p[i] - real(rate) * m[i] / (math.sqrt(v[i]) + eps)


@inner
def accumulate(p, g, state, hyper, d, factors):
    """m, v and s of a step. Returns <g, p0 - p> and |s|_1. factors: (b3, e, d / d0)."""
    real = p.dtype.type
    m, v, s, start = state[0], state[1], state[2], state[3]
    b1, c1 = real(hyper[1]), real((1.0 - hyper[1]) * d)
    b2, c2 = real(hyper[2]), real((1.0 - hyper[2]) * d * d)
    b3 = real(factors[0])
    c3 = real(factors[2] * (d if hyper[8] > 0.0 else factors[1]))
    along, total = 0.0, 0.0
    for i in range(p.size):
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * g[i] * g[i]
        s[i] = b3 * s[i] + c3 * g[i]
        along += np.float64(g[i]) * np.float64(start[i] - p[i])
        total += abs(s[i])
    return along, total


def one_number(n, layout):
    """The tail: a number behind each slot."""
    return 1


OPTIMIZER = Optimizer(
    name="prodigy",
    rule=update,
    slots=4,
    defaults={
        "lr": 1.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "beta3": 0.0,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "d0": 1e-6,
        "d_coef": 1.0,
        "safeguard_warmup": 0.0,
    },
    bounds=USUAL | {"d0": POSITIVE, "d_coef": POSITIVE, "safeguard_warmup": SWITCH},
    source="Mishchenko & Defazio (2023), the Adam version of Prodigy",
    tail=one_number,
)
