"""Adadelta: steps in the units of the parameters, from means of squares of both."""

import math

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- rho v + (1 - rho) d^2;  x = sqrt((u + eps) / (v + eps)) d;

    u <- rho u + (1 - rho) x^2;  p <- p - lr x, with d = g + weight_decay p. The paper
    has lr 1. With maximize, -g for g. state: v, u.
    hyper: (lr, rho, eps, weight_decay, maximize).
    """
    real, sign = p.dtype.type, direction(hyper[4])
    lr, rho, rest = real(sign * hyper[0]), real(hyper[1]), real(1.0 - hyper[1])
    eps, decay = real(hyper[2]), real(sign * hyper[3])
    v, u = state[0], state[1]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        v[i] = rho * v[i] + rest * d * d
        x = math.sqrt((u[i] + eps) / (v[i] + eps)) * d
        u[i] = rho * u[i] + rest * x * x
        p[i] -= lr * x


OPTIMIZER = Optimizer(
    name="adadelta",
    rule=update,
    slots=2,
    defaults={
        "lr": 1.0,
        "rho": 0.9,
        "eps": 1e-6,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    source="Zeiler (2012), algorithm 1",
    elementwise=True,
)
