"""Centred RMSprop: steps scaled by the running deviation of the gradient."""

from ..decay import direction
from ..deviation import deviation
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- alpha v + (1 - alpha) d^2;  a <- alpha a + (1 - alpha) d;

    p <- p - lr d / (sqrt(v - a^2) + eps), with d = g + weight_decay p. With maximize,
    -g for g. state: v, a.
    hyper: (lr, alpha, eps, weight_decay, maximize).
    """
    real, sign = p.dtype.type, direction(hyper[4])
    lr, alpha, rest = real(sign * hyper[0]), real(hyper[1]), real(1.0 - hyper[1])
    eps, decay = real(hyper[2]), real(sign * hyper[3])
    v, a = state[0], state[1]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        p[i] -= lr * d / deviation(v, a, i, d, alpha, rest, eps)


OPTIMIZER = Optimizer(
    name="rmsprop_centered",
    rule=update,
    slots=2,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    source="Graves (2013), section 4.2, without momentum",
    elementwise=True,
)
