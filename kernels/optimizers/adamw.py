"""AdamW: Adam with the weight decay taken out of the gradient."""

import math

from ..bounds import USUAL
from ..decay import direction
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    b1, b2, eps, keep = hyper[1], hyper[2], hyper[3], 1.0 - hyper[0] * hyper[4]
    rate = direction(hyper[5]) * hyper[0] / (1.0 - b1**step)
    root = 1.0 / math.sqrt(1.0 - b2**step)
    return b1, 1.0 - b1, b2, 1.0 - b2, rate, root, eps, keep


@inner
def element(p, g, state, i, c):
    """p <- (1 - lr weight_decay) p, then Adam's step on g alone. state: m, v.

    With maximize, -g for g. hyper: (lr, beta1, beta2, eps, weight_decay, maximize).
    """
    b1, c1, b2, c2, rate, root, eps, keep = c
    m = b1 * state[0, i] + c1 * g[i]
    v = b2 * state[1, i] + c2 * g[i] * g[i]
    state[0, i], state[1, i] = m, v
    p[i] = keep * p[i] - rate * m * (type(b1)(1) / (math.sqrt(v) * root + eps))


OPTIMIZER = Optimizer(
    name="adamw",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.01,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Loshchilov & Hutter (2019), algorithm 2",
)
