"""Heavy-ball momentum: the step keeps a decaying sum of past gradients."""

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- mu v + (1 - dampening) d;  p <- p - lr v, with d = g + weight_decay p.

    The first step is not damped: v <- d. With nesterov, p <- p - lr (d + mu v). With
    maximize, -g for g. state: v.
    hyper: (lr, momentum, dampening, weight_decay, nesterov, maximize).
    """
    real = p.dtype.type
    sign, mu, v = direction(hyper[5]), real(hyper[1]), state[0]
    lr, decay = real(sign * hyper[0]), real(sign * hyper[3])
    fresh = real(1.0 if step == 1 else 1.0 - hyper[2])
    if hyper[4]:
        for i in range(p.size):
            d = g[i] + decay * p[i]
            v[i] = mu * v[i] + fresh * d
            p[i] -= lr * (d + mu * v[i])
    else:
        for i in range(p.size):
            v[i] = mu * v[i] + fresh * (g[i] + decay * p[i])
            p[i] -= lr * v[i]


OPTIMIZER = Optimizer(
    name="momentum",
    rule=update,
    slots=1,
    defaults={
        "lr": 0.01,
        "momentum": 0.9,
        "dampening": 0.0,
        "weight_decay": 0.0,
        "nesterov": 0.0,
        "maximize": 0.0,
    },
    source="Polyak (1964), eq. 9; the form of Sutskever et al. (2013), eq. 1 and 2",
    elementwise=True,
)
