"""D-Adaptation: Adam whose learning rate is an estimate of the way to the solution."""

import math

import numpy as np

from ..bounds import POSITIVE, USUAL
from ..jit import inner
from ..optimizer import Optimizer
from .prodigy import new_distance, one_number


def update(p, g, state, hyper, step, layout):
    """Steps of AdamW with the learning rate d lr, d growing from d0; q = sqrt(b2):

    e = d lr sqrt(1 - b2^step) / (1 - b1^step);
    r <- q r + (1 - q) e <g, s / (sqrt v + eps)>;  s <- q s + (1 - q) e g;
    m <- b1 m + (1 - b1) e g;  v <- b2 v + (1 - b2) g^2;
    d <- max(d, r / ((1 - q) |s|_1));
    p <- (1 - e weight_decay) p - m / (sqrt v + eps).

    lr is meant to be 1, or a schedule's factor. state: m, v, s; behind m is d, behind v
    is r. hyper: (lr, beta1, beta2, eps, weight_decay, d0). As
    optax.contrib.dadapt_adamw.
    """
    real, n, m, v = p.dtype.type, p.size, state[0], state[1]
    if step == 1:
        m[n] = real(hyper[5])
    d, q = float(m[n]), math.sqrt(hyper[2])
    bias = math.sqrt(1.0 - hyper[2] ** step) / (1.0 - hyper[1] ** step)
    rate = d * hyper[0] * bias
    along, total = accumulate(g, state, hyper, rate)
    v[n] = real(q * v[n] + (1.0 - q) * rate * along)
    m[n] = real(new_distance(d, float(v[n]), (1.0 - q) * total))
    eps, keep = real(hyper[3]), real(1.0 - rate * hyper[4])
    for i in range(n):
        p[i] = keep * p[i] - m[i] / (math.sqrt(v[i]) + eps)


@inner
def accumulate(g, state, hyper, rate):
    """m, v and s of a step. Returns <g, s / (sqrt v + eps)> of before, and |s|_1."""
    real, m, v, s = g.dtype.type, state[0], state[1], state[2]
    b1, c1 = real(hyper[1]), real((1.0 - hyper[1]) * rate)
    b2, c2, eps = real(hyper[2]), real(1.0 - hyper[2]), real(hyper[3])
    q, cq = real(math.sqrt(hyper[2])), real((1.0 - math.sqrt(hyper[2])) * rate)
    along, total = 0.0, 0.0
    for i in range(g.size):
        along += np.float64(g[i]) * s[i] / (math.sqrt(v[i]) + eps)
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * g[i] * g[i]
        s[i] = q * s[i] + cq * g[i]
        total += abs(s[i])
    return along, total


OPTIMIZER = Optimizer(
    name="dadaptation",
    rule=update,
    slots=3,
    defaults={
        "lr": 1.0,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "d0": 1e-6,
    },
    bounds=USUAL | {"d0": POSITIVE},
    source="Defazio & Mishchenko (2023), Adam with D-Adaptation",
    tail=one_number,
)
