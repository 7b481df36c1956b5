"""Lion: the sign of an interpolation between momentum and gradient."""

import math

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- (1 - lr weight_decay) p - lr sign(b1 m + (1 - b1) g), where sign(0) = 0;

    m <- b2 m + (1 - b2) g. state: m. hyper: (lr, beta1, beta2, weight_decay).
    """
    real = p.dtype.type
    lr, zero, keep = real(hyper[0]), real(0), real(1.0 - hyper[0] * hyper[3])
    b1, b2 = real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    m = state[0]
    for i in range(p.size):
        c = b1 * m[i] + c1 * g[i]
        # Zero and NaN are not above zero in size, and pass as they are.
        p[i] = keep * p[i] - (math.copysign(lr, c) if abs(c) > zero else c)
        m[i] = b2 * m[i] + c2 * g[i]


OPTIMIZER = Optimizer(
    name="lion",
    rule=update,
    slots=1,
    defaults={"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 1e-3},
    source="Chen et al. (2023), algorithm 2",
    elementwise=True,
)
