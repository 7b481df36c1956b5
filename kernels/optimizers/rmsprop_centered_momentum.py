"""Centred RMSprop with momentum, as Graves trained his networks."""

from ..bounds import USUAL
from ..decay import direction
from ..deviation import deviation
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, alpha = direction(hyper[5]), hyper[1]
    return sign * hyper[0], alpha, 1.0 - alpha, hyper[2], sign * hyper[3], hyper[4]


@inner
def element(p, g, state, i, c):
    """v <- alpha v + (1 - alpha) d^2;  a <- alpha a + (1 - alpha) d;

    b <- mu b + d / (sqrt(v - a^2) + eps);  p <- p - lr b, with d = g + weight_decay p.
    The paper has eps inside the root; here it is outside, as in torch.optim. With
    maximize, -g for g. state: v, a, b.
    hyper: (lr, alpha, eps, weight_decay, momentum, maximize).
    """
    lr, alpha, rest, eps, decay, mu = c
    d = g[i] + decay * p[i]
    b = mu * state[2, i] + d / deviation(state, i, d, alpha, rest, eps)
    state[2, i] = b
    p[i] -= lr * b


OPTIMIZER = Optimizer(
    name="rmsprop_centered_momentum",
    element=element,
    scalars=scalars,
    slots=3,
    defaults={
        "lr": 0.01,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum": 0.9,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Graves (2013), section 4.2",
)
