"""Centred RMSprop: steps scaled by the running deviation of the gradient."""

from ..bounds import USUAL
from ..decay import direction
from ..deviation import deviation
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, alpha = direction(hyper[4]), hyper[1]
    return sign * hyper[0], alpha, 1.0 - alpha, hyper[2], sign * hyper[3]


@inner
def element(p, g, state, i, c):
    """v <- alpha v + (1 - alpha) d^2;  a <- alpha a + (1 - alpha) d;

    p <- p - lr d / (sqrt(v - a^2) + eps), with d = g + weight_decay p. With maximize,
    -g for g. state: v, a.
    hyper: (lr, alpha, eps, weight_decay, maximize).
    """
    lr, alpha, rest, eps, decay = c
    d = g[i] + decay * p[i]
    p[i] -= lr * d / deviation(state, i, d, alpha, rest, eps)


OPTIMIZER = Optimizer(
    name="rmsprop_centered",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Graves (2013), section 4.2, without momentum",
)
