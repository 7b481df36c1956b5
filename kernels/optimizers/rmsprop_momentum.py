"""RMSprop with momentum: the scaled gradients are summed as in heavy ball."""

from ..decay import direction
from ..deviation import root_mean_square
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- alpha v + (1 - alpha) d^2;  b <- mu b + d / (sqrt v + eps);  p <- p - lr b.

    d = g + weight_decay p. With maximize, -g for g. state: v, b.
    hyper: (lr, alpha, eps, weight_decay, momentum, maximize).
    """
    real, sign = p.dtype.type, direction(hyper[5])
    lr, alpha, rest = real(sign * hyper[0]), real(hyper[1]), real(1.0 - hyper[1])
    eps, decay = real(hyper[2]), real(sign * hyper[3])
    mu = real(hyper[4])
    v, b = state[0], state[1]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        b[i] = mu * b[i] + d / root_mean_square(v, i, d, alpha, rest, eps)
        p[i] -= lr * b[i]


OPTIMIZER = Optimizer(
    name="rmsprop_momentum",
    rule=update,
    slots=2,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum": 0.9,
        "maximize": 0.0,
    },
    source="Tieleman & Hinton (2012), lecture 6, slide 29, with momentum",
    elementwise=True,
)
