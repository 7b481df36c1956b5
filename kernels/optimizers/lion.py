"""Lion: the sign of an interpolation between momentum and gradient."""

import math

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    lr, b1, b2 = hyper[0], hyper[1], hyper[2]
    return lr, b1, 1.0 - b1, b2, 1.0 - b2, 1.0 - lr * hyper[3]


@inner
def element(p, g, state, i, c):
    """p <- (1 - lr weight_decay) p - lr sign(b1 m + (1 - b1) g), where sign(0) = 0;

    m <- b2 m + (1 - b2) g. state: m. hyper: (lr, beta1, beta2, weight_decay).
    """
    lr, b1, c1, b2, c2, keep = c
    m = state[0, i]
    toward = b1 * m + c1 * g[i]
    # Zero and NaN are not above zero in size, and pass as they are.
    move = math.copysign(lr, toward) if abs(toward) > type(lr)(0) else toward
    p[i] = keep * p[i] - move
    state[0, i] = b2 * m + c2 * g[i]


OPTIMIZER = Optimizer(
    name="lion",
    element=element,
    scalars=scalars,
    slots=1,
    defaults={"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 1e-3},
    bounds=USUAL,
    source="Chen et al. (2023), algorithm 2",
)
