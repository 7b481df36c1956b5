"""AdamW: Adam with the weight decay taken out of the gradient."""

import math

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- (1 - lr weight_decay) p, then Adam's step on g alone. state: m, v.

    With maximize, -g for g. hyper: (lr, beta1, beta2, eps, weight_decay, maximize).
    """
    real = p.dtype.type
    one, b1, b2 = real(1), real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    rate = real(direction(hyper[5]) * hyper[0] / (1.0 - hyper[1] ** step))
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    eps, keep = real(hyper[3]), real(1.0 - hyper[0] * hyper[4])
    m, v = state[0], state[1]
    for i in range(p.size):
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * g[i] * g[i]
        p[i] = keep * p[i] - rate * m[i] * (one / (math.sqrt(v[i]) * root + eps))


OPTIMIZER = Optimizer(
    name="adamw",
    rule=update,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.01,
        "maximize": 0.0,
    },
    source="Loshchilov & Hutter (2019), algorithm 2",
    elementwise=True,
)
