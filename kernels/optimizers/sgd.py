"""Stochastic gradient descent: gradient descent on the gradient of a mini-batch."""

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    return hyper[0] * direction(hyper[2]), 1.0 - hyper[0] * hyper[1]


@inner
def element(p, g, state, i, c):
    """p <- p - lr (g + weight_decay p), with -g for g to maximize.

    hyper: (lr, weight_decay, maximize).
    """
    lr, keep = c
    p[i] = keep * p[i] - lr * g[i]


OPTIMIZER = Optimizer(
    name="sgd",
    element=element,
    scalars=scalars,
    slots=0,
    defaults={"lr": 0.1, "weight_decay": 0.0, "maximize": 0.0},
    bounds=USUAL,
    source="Robbins & Monro (1951), section 2",
)
