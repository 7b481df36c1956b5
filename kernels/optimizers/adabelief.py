"""AdaBelief: Adam's step scaled by how far gradients are from their running mean."""

import math

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """m <- b1 m + (1 - b1) g;  s <- b2 s + (1 - b2) (g - m)^2 + eps_root;

    p <- (1 - lr weight_decay) p - lr m^ / (sqrt s^ + eps), with m^ and s^ divided by
    1 - b^step; with nesterov m^ is b1 m / (1 - b1^(step + 1)) + (1 - b1) g / (1 -
    b1^step). state: m, s. hyper: (lr, beta1, beta2, eps, eps_root, weight_decay,
    nesterov). The paper has one eps in both places; the two are optax's.
    """
    real, lr, nesterov = p.dtype.type, hyper[0], hyper[6]
    b1, b2 = real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    one, bias = real(1), 1.0 - hyper[1] ** step
    ahead = hyper[1] / (1.0 - hyper[1] ** (step + 1.0))
    on_mean = real(lr * (nesterov * ahead + (1.0 - nesterov) / bias))
    on_gradient = real(lr * nesterov * (1.0 - hyper[1]) / bias)
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    eps, eps_root, keep = real(hyper[3]), real(hyper[4]), real(1.0 - lr * hyper[5])
    m, s = state[0], state[1]
    for i in range(p.size):
        m[i] = b1 * m[i] + c1 * g[i]
        surprise = g[i] - m[i]
        s[i] = b2 * s[i] + c2 * surprise * surprise + eps_root
        move = on_mean * m[i] + on_gradient * g[i]
        p[i] = keep * p[i] - move * (one / (math.sqrt(s[i]) * root + eps))


OPTIMIZER = Optimizer(
    name="adabelief",
    rule=update,
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
    source="Zhuang et al. (2020), algorithm 2",
    elementwise=True,
)
