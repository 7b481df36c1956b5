"""RMSprop with momentum: the scaled gradients are summed as in heavy ball."""

from ..bounds import USUAL
from ..decay import direction
from ..deviation import root_mean_square
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, alpha = direction(hyper[5]), hyper[1]
    return sign * hyper[0], alpha, 1.0 - alpha, hyper[2], sign * hyper[3], hyper[4]


@inner
def element(p, g, state, i, c):
    """v <- alpha v + (1 - alpha) d^2;  b <- mu b + d / (sqrt v + eps);  p <- p - lr b.

    d = g + weight_decay p. With maximize, -g for g. state: v, b.
    hyper: (lr, alpha, eps, weight_decay, momentum, maximize).
    """
    lr, alpha, rest, eps, decay, mu = c
    d = g[i] + decay * p[i]
    b = mu * state[1, i] + d / root_mean_square(state, i, d, alpha, rest, eps)
    state[1, i] = b
    p[i] -= lr * b


OPTIMIZER = Optimizer(
    name="rmsprop_momentum",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum": 0.9,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Tieleman & Hinton (2012), lecture 6, slide 29, with momentum",
)
