"""Nesterov's accelerated gradient, in the form that needs the gradient at p only."""

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- mu v + d;  p <- p - lr (d + mu v), with d = g + weight_decay p. state: v.

    With maximize, -g for g. hyper: (lr, momentum, weight_decay, maximize).
    """
    real = p.dtype.type
    sign, mu, v = direction(hyper[3]), real(hyper[1]), state[0]
    lr, decay = real(sign * hyper[0]), real(sign * hyper[2])
    for i in range(p.size):
        d = g[i] + decay * p[i]
        v[i] = mu * v[i] + d
        p[i] -= lr * (d + mu * v[i])


OPTIMIZER = Optimizer(
    name="nesterov",
    rule=update,
    slots=1,
    defaults={"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0, "maximize": 0.0},
    source="Nesterov (1983); rewritten as in Bengio et al. (2013), section 3.5",
    elementwise=True,
)
