"""Nesterov's accelerated gradient, in the form that needs the gradient at p only."""

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- mu v + d;  p <- p - lr (d + mu v), with d = g + weight_decay p. state: v.

    hyper: (lr, momentum, weight_decay).
    """
    lr, mu = p.dtype.type(hyper[0]), p.dtype.type(hyper[1])
    decay, v = p.dtype.type(hyper[2]), state[0]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        v[i] = mu * v[i] + d
        p[i] -= lr * (d + mu * v[i])


OPTIMIZER = Optimizer(
    name="nesterov",
    rule=update,
    slots=1,
    defaults={"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0},
    source="Nesterov (1983); rewritten as in Bengio et al. (2013), section 3.5",
    elementwise=True,
)
