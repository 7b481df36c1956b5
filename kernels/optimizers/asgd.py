"""Averaged stochastic gradient descent: predictions from the mean of the iterates."""

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- (1 - lambd eta) p - eta d;  a <- a + mu (p - a), with

    eta = lr / (1 + lambd lr (step - 1))^alpha, mu = 1 / max(1, step - 1 - t0) and d =
    g + weight_decay p. As in torch.optim: a is p until step t0 + 2; with the default t0
    of a million a short training is never averaged. With maximize, -g for g. state: a.
    hyper: (lr, lambd, alpha, t0, weight_decay, maximize).
    """
    real = p.dtype.type
    eta = hyper[0] / (1.0 + hyper[1] * hyper[0] * (step - 1)) ** hyper[2]
    keep = real(1.0 - eta * (hyper[1] + hyper[4]))
    rate = real(eta * direction(hyper[5]))
    mu, a = real(1.0 / max(1.0, step - 1 - hyper[3])), state[0]
    rest = real(1) - mu
    for i in range(p.size):
        p[i] = keep * p[i] - rate * g[i]
        a[i] = rest * a[i] + mu * p[i]


def average(out, p, state, hyper, step, layout):
    """out = a."""
    for i in range(out.size):
        out[i] = state[0, i]


OPTIMIZER = Optimizer(
    name="asgd",
    rule=update,
    slots=1,
    defaults={
        "lr": 0.01,
        "lambd": 1e-4,
        "alpha": 0.75,
        "t0": 1e6,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    source="Polyak & Juditsky (1992); the rates of Bottou (2012), section 5",
    elementwise=True,
    average=average,
)
