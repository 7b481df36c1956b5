"""Adam: steps scaled by running means of the gradient and of its square."""

import math

from ..bounds import USUAL
from ..decay import direction, weight_decay
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign = direction(hyper[6])
    rate = sign * hyper[0] / (1.0 - hyper[1] ** step)
    root = 1.0 / math.sqrt(1.0 - hyper[2] ** step)
    decay, keep = weight_decay(hyper[0], hyper[4], hyper[5])
    b1, b2, eps = hyper[1], hyper[2], hyper[3]
    return b1, 1.0 - b1, b2, 1.0 - b2, rate, root, eps, sign * decay, keep


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) d;  v <- b2 v + (1 - b2) d^2;

    p <- p - lr m^ / (sqrt v^ + eps), with d = g + weight_decay p; m^ and v^ are m and
    v divided by 1 - b^step. With decoupled_weight_decay d = g, and p is first
    multiplied by 1 - lr weight_decay. With maximize, -g for g. state: m, v.
    hyper: (lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize).
    """
    b1, c1, b2, c2, rate, root, eps, decay, keep = c
    d = g[i] + decay * p[i]
    m = b1 * state[0, i] + c1 * d
    v = b2 * state[1, i] + c2 * d * d
    state[0, i], state[1, i] = m, v
    p[i] = keep * p[i] - rate * m * (type(b1)(1) / (math.sqrt(v) * root + eps))


OPTIMIZER = Optimizer(
    name="adam",
    element=element,
    scalars=scalars,
    slots=2,
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
    source="Kingma & Ba (2015), algorithm 1",
)
