"""Adam: steps scaled by running means of the gradient and of its square."""

import math

from ..decay import direction, weight_decay
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """m <- b1 m + (1 - b1) d;  v <- b2 v + (1 - b2) d^2;

    p <- p - lr m^ / (sqrt v^ + eps), with d = g + weight_decay p; m^ and v^ are m and
    v divided by 1 - b^step. With decoupled_weight_decay d = g, and p is first
    multiplied by 1 - lr weight_decay. With maximize, -g for g. state: m, v.
    hyper: (lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize).
    """
    real = p.dtype.type
    one, b1, b2 = real(1), real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    sign = direction(hyper[6])
    rate = real(sign * hyper[0] / (1.0 - hyper[1] ** step))
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    decay, keep = weight_decay(hyper[0], hyper[4], hyper[5])
    eps, decay, keep = real(hyper[3]), real(sign * decay), real(keep)
    m, v = state[0], state[1]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        m[i] = b1 * m[i] + c1 * d
        v[i] = b2 * v[i] + c2 * d * d
        p[i] = keep * p[i] - rate * m[i] * (one / (math.sqrt(v[i]) * root + eps))


OPTIMIZER = Optimizer(
    name="adam",
    rule=update,
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
    source="Kingma & Ba (2015), algorithm 1",
    elementwise=True,
)
