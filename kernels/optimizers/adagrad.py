"""Adagrad: steps scaled by the root of the sum of all squared gradients."""

import math

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """s <- s + d^2;  p <- p - lr / (1 + (step - 1) lr_decay) d / (sqrt s + eps).

    d = g + weight_decay p; s starts from initial_accumulator_value. With maximize, -g
    for g. state: s. hyper: (lr, lr_decay, weight_decay, initial_accumulator_value, eps,
    maximize).
    """
    real = p.dtype.type
    sign = direction(hyper[5])
    rate = real(sign * hyper[0] / (1.0 + (step - 1) * hyper[1]))
    first = real(hyper[3] if step == 1 else 0.0)
    decay, eps, s = real(sign * hyper[2]), real(hyper[4]), state[0]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        s[i] = s[i] + first + d * d
        p[i] -= rate * d / (math.sqrt(s[i]) + eps)


OPTIMIZER = Optimizer(
    name="adagrad",
    rule=update,
    slots=1,
    defaults={
        "lr": 0.01,
        "lr_decay": 0.0,
        "weight_decay": 0.0,
        "initial_accumulator_value": 0.0,
        "eps": 1e-10,
        "maximize": 0.0,
    },
    source="Duchi, Hazan & Singer (2011), section 3, with diagonal matrices",
    elementwise=True,
)
