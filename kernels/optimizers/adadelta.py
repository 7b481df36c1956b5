"""Adadelta: steps in the units of the parameters, from means of squares of both."""

import math

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, rho = direction(hyper[4]), hyper[1]
    return sign * hyper[0], rho, 1.0 - rho, hyper[2], sign * hyper[3]


@inner
def element(p, g, state, i, c):
    """v <- rho v + (1 - rho) d^2;  x = sqrt((u + eps) / (v + eps)) d;

    u <- rho u + (1 - rho) x^2;  p <- p - lr x, with d = g + weight_decay p. The paper
    has lr 1. With maximize, -g for g. state: v, u.
    hyper: (lr, rho, eps, weight_decay, maximize).
    """
    lr, rho, rest, eps, decay = c
    d = g[i] + decay * p[i]
    v = rho * state[0, i] + rest * d * d
    x = math.sqrt((state[1, i] + eps) / (v + eps)) * d
    state[0, i], state[1, i] = v, rho * state[1, i] + rest * x * x
    p[i] -= lr * x


OPTIMIZER = Optimizer(
    name="adadelta",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 1.0,
        "rho": 0.9,
        "eps": 1e-6,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Zeiler (2012), algorithm 1",
)
