"""Adamax: Adam with the largest recent gradient in the place of the mean square."""

from ..decay import direction
from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """m <- b1 m + (1 - b1) d;  u <- max(b2 u, |d| + eps);

    p <- p - lr / (1 - b1^step) m / u, with d = g + weight_decay p. The paper has no
    eps; here as in torch.optim it keeps u above 0. With maximize, -g for g. state: m,
    u. hyper: (lr, beta1, beta2, eps, weight_decay, maximize).
    """
    real = p.dtype.type
    b1, c1, b2 = real(hyper[1]), real(1.0 - hyper[1]), real(hyper[2])
    sign = direction(hyper[5])
    rate = real(sign * hyper[0] / (1.0 - hyper[1] ** step))
    eps, decay = real(hyper[3]), real(sign * hyper[4])
    m, u = state[0], state[1]
    for i in range(p.size):
        d = g[i] + decay * p[i]
        m[i] = b1 * m[i] + c1 * d
        faded, now = b2 * u[i], abs(d) + eps
        u[i] = faded if faded > now else now
        p[i] -= rate * m[i] / u[i]


OPTIMIZER = Optimizer(
    name="adamax",
    rule=update,
    slots=2,
    defaults={
        "lr": 2e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    source="Kingma & Ba (2015), algorithm 2",
    elementwise=True,
)
