"""Sophia-G: momentum over a running Gauss-Newton diagonal, clipped in each parameter.

The diagonal is the Gauss-Newton-Bartlett estimate: the squared gradient at targets
drawn from the network's own predictions, see `Optimizer.sampled_every`.
"""

import math

from ..bounds import NONNEGATIVE, SWITCH, USUAL
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    b1, b2, gamma, eps = hyper[1], hyper[2], hyper[3], hyper[4]
    scale = 1.0 / (1.0 - hyper[6] * b1 ** abs(step))
    lr, keep = hyper[0], 1.0 - hyper[0] * hyper[5]
    sampled = 1.0 if step < 0 else 0.0
    return sampled, b1, 1.0 - b1, b2, 1.0 - b2, scale, gamma, eps, lr, keep


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) g;

    p <- (1 - lr weight_decay) p - lr clip(m / max(gamma h, eps), -1, 1). A negative
    step brings the gradient at drawn targets instead: h <- b2 h + (1 - b2) g^2. With
    bias_correction, as optax has it, m is divided by 1 - b1^step. state: m, h. hyper:
    (lr, beta1, beta2, gamma, eps, weight_decay, bias_correction).
    """
    sampled, b1, c1, b2, c2, scale, gamma, eps, lr, keep = c
    zero, one = type(b1)(0), type(b1)(1)
    if sampled > zero:
        state[1, i] = b2 * state[1, i] + c2 * g[i] * g[i]
    else:
        m = b1 * state[0, i] + c1 * g[i]
        state[0, i] = m
        spread = gamma * state[1, i]
        spread = eps if spread < eps else spread
        ratio = scale * m / spread
        # NaN is not above one in size, and passes as it is.
        move = math.copysign(lr, ratio) if abs(ratio) > one else lr * ratio
        p[i] = keep * p[i] - move


OPTIMIZER = Optimizer(
    name="sophia_g",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.96,
        "beta2": 0.99,
        "gamma": 0.05,
        "eps": 1e-12,
        "weight_decay": 0.1,
        "bias_correction": 0.0,
    },
    bounds=USUAL | {"gamma": NONNEGATIVE, "bias_correction": SWITCH},
    source="Liu et al. (2023), algorithms 2 and 3",
    sampled_every=10,
)
