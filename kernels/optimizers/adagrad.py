"""Adagrad: steps scaled by the root of the sum of all squared gradients."""

import math

from ..bounds import NONNEGATIVE, USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, first = direction(hyper[5]), hyper[3] if step == 1 else 0.0
    rate = sign * hyper[0] / (1.0 + (step - 1) * hyper[1])
    return rate, first, sign * hyper[2], hyper[4]


@inner
def element(p, g, state, i, c):
    """s <- s + d^2;  p <- p - lr / (1 + (step - 1) lr_decay) d / (sqrt s + eps).

    d = g + weight_decay p; s starts from initial_accumulator_value. With maximize, -g
    for g. state: s. hyper: (lr, lr_decay, weight_decay, initial_accumulator_value, eps,
    maximize).
    """
    rate, first, decay, eps = c
    d = g[i] + decay * p[i]
    s = state[0, i] + first + d * d
    state[0, i] = s
    p[i] -= rate * d / (math.sqrt(s) + eps)


OPTIMIZER = Optimizer(
    name="adagrad",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={
        "lr": 0.01,
        "lr_decay": 0.0,
        "weight_decay": 0.0,
        "initial_accumulator_value": 0.0,
        "eps": 1e-10,
        "maximize": 0.0,
    },
    bounds=USUAL | {"lr_decay": NONNEGATIVE, "initial_accumulator_value": NONNEGATIVE},
    source="Duchi, Hazan & Singer (2011), section 3, with diagonal matrices",
)
