"""AMSGrad: Adam whose steps never grow where the squared gradient has shrunk."""

import math

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer
from .adam import scalars


@inner
def element(p, g, state, i, c):
    """Adam with w <- max(w, v) in the place of v: p <- p - lr m^ / (sqrt w^ + eps).

    m, v, the decay and maximize as in Adam. m^ and w^ are divided by 1 - b^step, as
    in torch.optim.Adam(amsgrad=True); the paper corrects neither. state: m, v, w.
    hyper: (lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize).
    """
    b1, c1, b2, c2, rate, root, eps, decay, keep = c
    d = g[i] + decay * p[i]
    m = b1 * state[0, i] + c1 * d
    v = b2 * state[1, i] + c2 * d * d
    w = state[2, i] if state[2, i] > v else v
    state[0, i], state[1, i], state[2, i] = m, v, w
    p[i] = keep * p[i] - rate * m * (type(b1)(1) / (math.sqrt(w) * root + eps))


OPTIMIZER = Optimizer(
    name="amsgrad",
    element=element,
    scalars=scalars,
    slots=3,
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
    source="Reddi, Kale & Kumar (2018), algorithm 2",
)
