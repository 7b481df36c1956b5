"""Schedule-Free AdamW: Adam-scaled steps, their average, and gradients in between."""

import math

from ..bounds import NONNEGATIVE, SHARE, USUAL
from ..optimizer import Optimizer
from .schedule_free_sgd import average, share_of, two_numbers


def update(p, g, state, hyper, step, layout):
    """v <- b2 v + (1 - b2) g^2;  z <- z - lr (g / (sqrt v^ + eps) + weight_decay y);

    x <- x + c (z - x);  y <- b1 x + (1 - b1) z, with v^ = v / (1 - b2^step). p is y,
    where gradients are taken; x and c are as in Schedule-Free SGD, b1 above 0. state:
    z, v; behind z the sum of weights and the largest lr. hyper: (lr, beta1, beta2, eps,
    weight_decay, weight_lr_power). With a constant lr, as
    optax.contrib.schedule_free_adamw, whose c, unlike that of the paper, leaves
    sqrt(1 - b2^step) out.
    """
    real = p.dtype.type
    lr, decay, one = real(hyper[0]), real(hyper[4]), real(1)
    b1, rest, part = real(hyper[1]), real(1.0 - hyper[1]), real(1.0 / hyper[1])
    b2, c2, eps = real(hyper[2]), real(1.0 - hyper[2]), real(hyper[3])
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    z, v = state[0], state[1]
    if step == 1:
        for i in range(p.size):
            z[i] = p[i]
    c = real(share_of(state, p.size, hyper[0], hyper[5]))
    for i in range(p.size):
        v[i] = b2 * v[i] + c2 * g[i] * g[i]
        x = (p[i] - rest * z[i]) * part
        d = g[i] * (one / (math.sqrt(v[i]) * root + eps))
        z[i] -= lr * (d + decay * p[i])
        x += c * (z[i] - x)
        p[i] = b1 * x + rest * z[i]


OPTIMIZER = Optimizer(
    name="schedule_free_adamw",
    rule=update,
    slots=2,
    defaults={
        "lr": 0.0025,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "weight_lr_power": 2.0,
    },
    bounds=USUAL | {"beta1": SHARE, "weight_lr_power": NONNEGATIVE},
    source="Defazio et al. (2024), algorithm 1",
    tail=two_numbers,
    average=average,
)
