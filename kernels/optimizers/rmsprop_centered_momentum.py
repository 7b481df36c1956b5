"""Centred RMSprop with momentum, as Graves trained his networks."""

from ..decay import direction
from ..deviation import deviation
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- alpha v + (1 - alpha) d^2;  a <- alpha a + (1 - alpha) d;

    b <- mu b + d / (sqrt(v - a^2) + eps);  p <- p - lr b, with d = g + weight_decay p.
    The paper has eps inside the root; here it is outside, as in torch.optim. With
    maximize, -g for g. state: v, a, b.
    hyper: (lr, alpha, eps, weight_decay, momentum, maximize).
    """
    real, sign = p.dtype.type, direction(hyper[5])
    lr, alpha, rest = real(sign * hyper[0]), real(hyper[1]), real(1.0 - hyper[1])
    eps, decay = real(hyper[2]), real(sign * hyper[3])
    mu = real(hyper[4])
    v, a, b = state[0], state[1], state[2]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        b[i] = mu * b[i] + d / deviation(v, a, i, d, alpha, rest, eps)
        p[i] -= lr * b[i]


OPTIMIZER = Optimizer(
    name="rmsprop_centered_momentum",
    rule=update,
    slots=3,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum": 0.9,
        "maximize": 0.0,
    },
    source="Graves (2013), section 4.2",
    elementwise=True,
)
