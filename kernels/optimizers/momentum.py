"""Heavy-ball momentum: the step keeps a decaying sum of past gradients."""

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """v <- mu v + g + weight_decay p;  p <- p - lr v. state: v.

    hyper: (lr, momentum, weight_decay).
    """
    lr, mu = p.dtype.type(hyper[0]), p.dtype.type(hyper[1])
    decay, v = p.dtype.type(hyper[2]), state[0]
    for i in range(p.size):
        v[i] = mu * v[i] + g[i] + decay * p[i]
        p[i] -= lr * v[i]


OPTIMIZER = Optimizer(
    name="momentum",
    rule=update,
    slots=1,
    defaults={"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0},
    source="Polyak (1964), eq. 9; the form of Sutskever et al. (2013), eq. 1 and 2",
    elementwise=True,
)
