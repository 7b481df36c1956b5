"""Stochastic gradient descent: gradient descent on the gradient of a mini-batch."""

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- p - lr (g + weight_decay p), with -g for g to maximize.

    hyper: (lr, weight_decay, maximize).
    """
    lr = p.dtype.type(hyper[0] * direction(hyper[2]))
    keep = p.dtype.type(1.0 - hyper[0] * hyper[1])
    for i in range(p.size):
        p[i] = keep * p[i] - lr * g[i]


OPTIMIZER = Optimizer(
    name="sgd",
    rule=update,
    slots=0,
    defaults={"lr": 0.1, "weight_decay": 0.0, "maximize": 0.0},
    source="Robbins & Monro (1951), section 2",
    elementwise=True,
)
