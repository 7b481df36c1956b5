"""Adamax: Adam with the largest recent gradient in the place of the mean square."""

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, b1 = direction(hyper[5]), hyper[1]
    rate = sign * hyper[0] / (1.0 - b1**step)
    return b1, 1.0 - b1, hyper[2], rate, hyper[3], sign * hyper[4]


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) d;  u <- max(b2 u, |d| + eps);

    p <- p - lr / (1 - b1^step) m / u, with d = g + weight_decay p. The paper has no
    eps; here as in torch.optim it keeps u above 0. With maximize, -g for g. state: m,
    u. hyper: (lr, beta1, beta2, eps, weight_decay, maximize).
    """
    b1, c1, b2, rate, eps, decay = c
    d = g[i] + decay * p[i]
    m = b1 * state[0, i] + c1 * d
    faded, now = b2 * state[1, i], abs(d) + eps
    u = faded if faded > now else now
    state[0, i], state[1, i] = m, u
    p[i] -= rate * m / u


OPTIMIZER = Optimizer(
    name="adamax",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 2e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Kingma & Ba (2015), algorithm 2",
)
