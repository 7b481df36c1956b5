"""Averaged stochastic gradient descent: predictions from the mean of the iterates."""

from ..bounds import NONNEGATIVE, USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    eta = hyper[0] / (1.0 + hyper[1] * hyper[0] * (step - 1)) ** hyper[2]
    mu = 1.0 / max(1.0, step - 1 - hyper[3])
    keep = 1.0 - eta * (hyper[1] + hyper[4])
    return keep, eta * direction(hyper[5]), mu, 1.0 - mu


@inner
def element(p, g, state, i, c):
    """p <- (1 - lambd eta) p - eta d;  a <- a + mu (p - a), with

    eta = lr / (1 + lambd lr (step - 1))^alpha, mu = 1 / max(1, step - 1 - t0) and d =
    g + weight_decay p. As in torch.optim: a is p until step t0 + 2; with the default t0
    of a million a short training is never averaged. With maximize, -g for g. state: a.
    hyper: (lr, lambd, alpha, t0, weight_decay, maximize).
    """
    keep, rate, mu, rest = c
    moved = keep * p[i] - rate * g[i]
    p[i], state[0, i] = moved, rest * state[0, i] + mu * moved


def average(out, p, state, hyper, step, layout):
    """out = a."""
    for i in range(out.size):
        out[i] = state[0, i]


OPTIMIZER = Optimizer(
    name="asgd",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={
        "lr": 0.01,
        "lambd": 1e-4,
        "alpha": 0.75,
        "t0": 1e6,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL | {"lambd": NONNEGATIVE, "alpha": NONNEGATIVE, "t0": NONNEGATIVE},
    source="Polyak & Juditsky (1992); the rates of Bottou (2012), section 5",
    average=average,
)
