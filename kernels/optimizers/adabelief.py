"""AdaBelief: Adam's step scaled by how far gradients are from their running mean."""

import math

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    lr, b1, b2, nesterov = hyper[0], hyper[1], hyper[2], hyper[6]
    bias, ahead = 1.0 - b1**step, b1 / (1.0 - b1 ** (step + 1.0))
    on_mean = lr * (nesterov * ahead + (1.0 - nesterov) / bias)
    on_gradient = lr * nesterov * (1.0 - b1) / bias
    root = 1.0 / math.sqrt(1.0 - b2**step)
    moves, rest = (
        (on_mean, on_gradient, root),
        (hyper[3], hyper[4], 1.0 - lr * hyper[5]),
    )
    return (b1, 1.0 - b1, b2, 1.0 - b2, *moves, *rest)


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) g;  s <- b2 s + (1 - b2) (g - m)^2 + eps_root;

    p <- (1 - lr weight_decay) p - lr m^ / (sqrt s^ + eps), with m^ and s^ divided by
    1 - b^step; with nesterov m^ is b1 m / (1 - b1^(step + 1)) + (1 - b1) g / (1 -
    b1^step). state: m, s. hyper: (lr, beta1, beta2, eps, eps_root, weight_decay,
    nesterov). The paper has one eps in both places; the two are optax's.
    """
    b1, c1, b2, c2, on_mean, on_gradient, root, eps, eps_root, keep = c
    m = b1 * state[0, i] + c1 * g[i]
    surprise = g[i] - m
    s = b2 * state[1, i] + c2 * surprise * surprise + eps_root
    state[0, i], state[1, i] = m, s
    move = on_mean * m + on_gradient * g[i]
    p[i] = keep * p[i] - move * (type(b1)(1) / (math.sqrt(s) * root + eps))


OPTIMIZER = Optimizer(
    name="adabelief",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-16,
        "eps_root": 1e-16,
        "weight_decay": 0.0,
        "nesterov": 0.0,
    },
    bounds=USUAL,
    source="Zhuang et al. (2020), algorithm 2",
)
