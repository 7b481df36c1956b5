"""Adan: Nesterov's momentum estimated from differences of gradients, scaled as Adam."""

import math

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """With d the difference of g from the gradient before (0 at first):

    m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) d;
    n <- b3 n + (1 - b3) (g + (1 - b2) d)^2;
    p <- (1 - lr weight_decay) p - lr (m^ + (1 - b2) v^) / (sqrt(n^ + eps_root) + eps),
    with m^, v^, n^ divided by 1 - b^step. state: m, v, n, the gradient before. hyper:
    (lr, beta1, beta2, beta3, eps, eps_root, weight_decay). As in optax the betas are
    decay rates (the paper writes 1 - beta) and weight decay is AdamW's (the paper
    divides by 1 + lr weight_decay).
    """
    real, one = p.dtype.type, p.dtype.type(1)
    b1, b2, b3 = real(hyper[1]), real(hyper[2]), real(hyper[3])
    c1, c2, c3 = real(1.0 - hyper[1]), real(1.0 - hyper[2]), real(1.0 - hyper[3])
    on_mean = real(hyper[0] / (1.0 - hyper[1] ** step))
    on_change = real(hyper[0] * (1.0 - hyper[2]) / (1.0 - hyper[2] ** step))
    bias = real(1.0 / (1.0 - hyper[3] ** step))
    eps, eps_root = real(hyper[4]), real(hyper[5])
    keep, known = real(1.0 - hyper[0] * hyper[6]), real(step > 1)
    m, v, n, before = state[0], state[1], state[2], state[3]
    for i in range(p.size):
        d = known * (g[i] - before[i])
        ahead = g[i] + c2 * d
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * d
        n[i] = b3 * n[i] + c3 * ahead * ahead
        before[i] = g[i]
        scale = one / (math.sqrt(bias * n[i] + eps_root) + eps)
        p[i] = keep * p[i] - (on_mean * m[i] + on_change * v[i]) * scale


OPTIMIZER = Optimizer(
    name="adan",
    rule=update,
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
    source="Xie et al. (2022), algorithm 1",
    elementwise=True,
)
