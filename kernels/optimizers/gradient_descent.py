"""Gradient descent on the gradient of all rows: p <- p - lr g. Cauchy (1847)."""

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer


def scalars(hyper, step):
    return (hyper[0],)


@inner
def element(p, g, state, i, c):
    """p <- p - lr g. hyper: (lr)."""
    (lr,) = c
    p[i] -= lr * g[i]


OPTIMIZER = Optimizer(
    name="gradient_descent",
    element=element,
    scalars=scalars,
    slots=0,
    defaults={"lr": 0.1},
    bounds=USUAL,
    source="Cauchy (1847)",
    full_batch=True,
)
