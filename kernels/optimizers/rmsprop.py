"""RMSprop: steps scaled by the root of a running mean of the squared gradient."""

from ..bounds import USUAL
from ..decay import direction
from ..deviation import root_mean_square
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, alpha = direction(hyper[4]), hyper[1]
    return sign * hyper[0], alpha, 1.0 - alpha, hyper[2], sign * hyper[3]


@inner
def element(p, g, state, i, c):
    """v <- alpha v + (1 - alpha) d^2;  p <- p - lr d / (sqrt v + eps).

    d = g + weight_decay p. With maximize, -g for g. state: v.
    hyper: (lr, alpha, eps, weight_decay, maximize).
    """
    lr, alpha, rest, eps, decay = c
    d = g[i] + decay * p[i]
    p[i] -= lr * d / root_mean_square(state, i, d, alpha, rest, eps)


OPTIMIZER = Optimizer(
    name="rmsprop",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Tieleman & Hinton (2012), lecture 6, slide 29",
)
