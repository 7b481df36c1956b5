"""Heavy-ball momentum: the step keeps a decaying sum of past gradients."""

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    sign, mu, fresh = (
        direction(hyper[5]),
        hyper[1],
        1.0 if step == 1 else 1.0 - hyper[2],
    )
    lr, decay = sign * hyper[0], sign * hyper[3]
    # Of p <- p - on_sum v - on_gradient d.
    on_sum, on_gradient = (lr * mu, lr) if hyper[4] else (lr, 0.0)
    return mu, fresh, decay, on_sum, on_gradient


@inner
def element(p, g, state, i, c):
    """v <- mu v + (1 - dampening) d;  p <- p - lr v, with d = g + weight_decay p.

    The first step is not damped: v <- d. With nesterov, p <- p - lr (d + mu v). With
    maximize, -g for g. state: v.
    hyper: (lr, momentum, dampening, weight_decay, nesterov, maximize).
    """
    mu, fresh, decay, on_sum, on_gradient = c
    d = g[i] + decay * p[i]
    v = mu * state[0, i] + fresh * d
    state[0, i] = v
    p[i] -= on_sum * v + on_gradient * d


OPTIMIZER = Optimizer(
    name="momentum",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={
        "lr": 0.01,
        "momentum": 0.9,
        "dampening": 0.0,
        "weight_decay": 0.0,
        "nesterov": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Polyak (1964), eq. 9; the form of Sutskever et al. (2013), eq. 1 and 2",
)
