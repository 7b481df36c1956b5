"""Adan: Nesterov's momentum estimated from differences of gradients, scaled as Adam."""

import math

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    lr, b1, b2, b3 = hyper[0], hyper[1], hyper[2], hyper[3]
    means = (b1, 1.0 - b1, b2, 1.0 - b2, b3, 1.0 - b3)
    moves = (lr / (1.0 - b1**step), lr * (1.0 - b2) / (1.0 - b2**step))
    bias, known = 1.0 / (1.0 - b3**step), 1.0 if step > 1 else 0.0
    return (*means, *moves, bias, hyper[4], hyper[5], 1.0 - lr * hyper[6], known)


@inner
def element(p, g, state, i, c):
    """With d the difference of g from the gradient before (0 at first):

    m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) d;
    n <- b3 n + (1 - b3) (g + (1 - b2) d)^2;
    p <- (1 - lr weight_decay) p - lr (m^ + (1 - b2) v^) / (sqrt(n^ + eps_root) + eps),
    with m^, v^, n^ divided by 1 - b^step. state: m, v, n, the gradient before. hyper:
    (lr, beta1, beta2, beta3, eps, eps_root, weight_decay). As in optax the betas are
    decay rates (the paper writes 1 - beta) and weight decay is AdamW's (the paper
    divides by 1 + lr weight_decay).
    """
    b1, c1, b2, c2, b3, c3, on_mean, on_change, bias, eps, eps_root, keep, known = c
    d = known * (g[i] - state[3, i])
    ahead = g[i] + c2 * d
    m = b1 * state[0, i] + c1 * g[i]
    v = b2 * state[1, i] + c2 * d
    n = b3 * state[2, i] + c3 * ahead * ahead
    state[0, i], state[1, i], state[2, i], state[3, i] = m, v, n, g[i]
    scale = type(b1)(1) / (math.sqrt(bias * n + eps_root) + eps)
    p[i] = keep * p[i] - (on_mean * m + on_change * v) * scale


OPTIMIZER = Optimizer(
    name="adan",
    element=element,
    scalars=scalars,
    slots=4,
    defaults={
        "lr": 1e-3,
        "beta1": 0.98,
        "beta2": 0.92,
        "beta3": 0.99,
        "eps": 1e-8,
        "eps_root": 1e-8,
        "weight_decay": 0.0,
    },
    bounds=USUAL,
    source="Xie et al. (2022), algorithm 1",
)
