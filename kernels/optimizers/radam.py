"""RAdam: Adam that adapts its steps only once their variance is known to be finite."""

import math

from ..bounds import USUAL
from ..decay import direction, weight_decay
from ..jit import formula, inner
from ..optimizer import Optimizer


@formula
def rectification(beta2, step):
    """Factor r of the adaptive step, 0 where it is not taken. float64.

    rho = R - 2 t b2^t / (1 - b2^t), R = 2 / (1 - b2) - 1; where rho > 5, r^2 =
    (rho - 4) (rho - 2) R / ((R - 4) (R - 2) rho).
    """
    most, faded = 2.0 / (1.0 - beta2) - 1.0, beta2**step
    rho = most - 2.0 * step * faded / (1.0 - faded)
    if rho <= 5.0:
        return 0.0
    ratio = (rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho)
    return math.sqrt(ratio)


def scalars(hyper, step):
    b1, b2, sign = hyper[1], hyper[2], direction(hyper[6])
    r, rate = rectification(b2, step), sign * hyper[0] / (1.0 - b1**step)
    rate *= r * math.sqrt(1.0 - b2**step) if r else 1.0
    # The divisor is sqrt v + eps where adaptive, else 1: without a branch.
    adaptive, plain = (1.0, 0.0) if r else (0.0, 1.0)
    decay, keep = weight_decay(hyper[0], hyper[4], hyper[5])
    means = (b1, 1.0 - b1, b2, 1.0 - b2)
    return (*means, rate, adaptive, plain, hyper[3], sign * decay, keep)


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) d;  v <- b2 v + (1 - b2) d^2;

    p <- p - lr m^ r sqrt(1 - b2^step) / (sqrt v + eps), and p - lr m^ in the first
    steps, where rho <= 5, with r and rho of `rectification`, d = g + weight_decay p
    and m^ = m / (1 - b1^step). The paper asks for rho > 4; 5 is its authors' code's
    and torch.optim's. The decay and maximize as in Adam. state: m, v.
    hyper: (lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize).
    """
    b1, c1, b2, c2, rate, adaptive, plain, eps, decay, keep = c
    d = g[i] + decay * p[i]
    m = b1 * state[0, i] + c1 * d
    v = b2 * state[1, i] + c2 * d * d
    state[0, i], state[1, i] = m, v
    p[i] = keep * p[i] - rate * m / (adaptive * (math.sqrt(v) + eps) + plain)


OPTIMIZER = Optimizer(
    name="radam",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "decoupled_weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL,
    source="Liu et al. (2020), algorithm 2",
)
