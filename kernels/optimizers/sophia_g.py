"""Sophia-G: momentum over a running Gauss-Newton diagonal, clipped in each parameter.

The diagonal is the Gauss-Newton-Bartlett estimate: the squared gradient at targets
drawn from the network's own predictions, see `Optimizer.sampled_every`.
"""

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """m <- b1 m + (1 - b1) g;

    p <- (1 - lr weight_decay) p - lr clip(m / max(gamma h, eps), -1, 1). A negative
    step brings the gradient at drawn targets instead: h <- b2 h + (1 - b2) g^2. With
    bias_correction, as optax has it, m is divided by 1 - b1^step. state: m, h. hyper:
    (lr, beta1, beta2, gamma, eps, weight_decay, bias_correction).
    """
    real, m, h = p.dtype.type, state[0], state[1]
    if step < 0:
        b2, c2 = real(hyper[2]), real(1.0 - hyper[2])
        for i in range(p.size):
            h[i] = b2 * h[i] + c2 * g[i] * g[i]
        return
    lr, keep, one = real(hyper[0]), real(1.0 - hyper[0] * hyper[5]), real(1)
    b1, c1 = real(hyper[1]), real(1.0 - hyper[1])
    scale = real(1.0 / (1.0 - hyper[6] * hyper[1] ** step))
    gamma, eps = real(hyper[3]), real(hyper[4])
    for i in range(p.size):
        m[i] = b1 * m[i] + c1 * g[i]
        ratio = scale * m[i] / max(gamma * h[i], eps)
        ratio = one if ratio > one else ratio  # NaN passes both comparisons
        ratio = -one if ratio < -one else ratio
        p[i] = keep * p[i] - lr * ratio


OPTIMIZER = Optimizer(
    name="sophia_g",
    rule=update,
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
    source="Liu et al. (2023), algorithms 2 and 3",
    elementwise=True,
    sampled_every=10,
)
