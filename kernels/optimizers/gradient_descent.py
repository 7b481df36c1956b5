"""Gradient descent on the gradient of all rows: p <- p - lr g. Cauchy (1847)."""

from ..optimizer import Optimizer


def update(p, g, state, hyper, step, layout):
    """p <- p - lr g. hyper: (lr)."""
    lr = p.dtype.type(hyper[0])
    for i in range(p.size):
        p[i] -= lr * g[i]


OPTIMIZER = Optimizer(
    name="gradient_descent",
    rule=update,
    slots=0,
    defaults={"lr": 0.1},
    source="Cauchy (1847)",
    full_batch=True,
    elementwise=True,
)
