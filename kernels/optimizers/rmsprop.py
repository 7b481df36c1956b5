"""RMSprop: steps scaled by the root of a running mean of the squared gradient."""

from ..decay import direction
from ..deviation import root_mean_square
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- alpha v + (1 - alpha) d^2;  p <- p - lr d / (sqrt v + eps).

    d = g + weight_decay p. With maximize, -g for g. state: v.
    hyper: (lr, alpha, eps, weight_decay, maximize).
    """
    real, sign = p.dtype.type, direction(hyper[4])
    lr, alpha, rest = real(sign * hyper[0]), real(hyper[1]), real(1.0 - hyper[1])
    eps, decay = real(hyper[2]), real(sign * hyper[3])
    v = state[0]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        p[i] -= lr * d / root_mean_square(v, i, d, alpha, rest, eps)


OPTIMIZER = Optimizer(
    name="rmsprop",
    rule=update,
    slots=1,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    source="Tieleman & Hinton (2012), lecture 6, slide 29",
    elementwise=True,
)
