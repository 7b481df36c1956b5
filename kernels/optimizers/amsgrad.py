"""AMSGrad: Adam whose steps never grow where the squared gradient has shrunk."""

import math

from ..decay import direction, weight_decay
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """Adam with w <- max(w, v) in the place of v: p <- p - lr m^ / (sqrt w^ + eps).

    m, v, the decay and maximize as in Adam. m^ and w^ are divided by 1 - b^step, as
    in torch.optim.Adam(amsgrad=True); the paper corrects neither. state: m, v, w.
    hyper: (lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize).
    """
    real = p.dtype.type
    one, b1, b2 = real(1), real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    sign = direction(hyper[6])
    rate = real(sign * hyper[0] / (1.0 - hyper[1] ** step))
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    decay, keep = weight_decay(hyper[0], hyper[4], hyper[5])
    eps, decay, keep = real(hyper[3]), real(sign * decay), real(keep)
    m, v, w = state[0], state[1], state[2]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        m[i] = b1 * m[i] + c1 * d
        v[i] = b2 * v[i] + c2 * d * d
        w[i] = w[i] if w[i] > v[i] else v[i]
        p[i] = keep * p[i] - rate * m[i] * (one / (math.sqrt(w[i]) * root + eps))


OPTIMIZER = Optimizer(
    name="amsgrad",
    rule=update,
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
    source="Reddi, Kale & Kumar (2018), algorithm 2",
    elementwise=True,
)
