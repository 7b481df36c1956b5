"""Nesterov's accelerated gradient, in the form that needs the gradient at p only."""

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign = direction(hyper[3])
    return sign * hyper[0], hyper[1], sign * hyper[2]


@inner
def element(p, g, state, i, c):
    """v <- mu v + d;  p <- p - lr (d + mu v), with d = g + weight_decay p. state: v.

    With maximize, -g for g. hyper: (lr, momentum, weight_decay, maximize).
    """
    lr, mu, decay = c
    d = g[i] + decay * p[i]
    v = mu * state[0, i] + d
    state[0, i] = v
    p[i] -= lr * (d + mu * v)


OPTIMIZER = Optimizer(
    name="nesterov",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0, "maximize": 0.0},
    bounds=USUAL,
    source="Nesterov (1983); rewritten as in Bengio et al. (2013), section 3.5",
)
