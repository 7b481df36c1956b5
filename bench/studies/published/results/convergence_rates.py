"""Least squares by gradient descent: the rates that theory gives are met exactly."""

import numpy as np

from .....kernels import OPTIMIZERS
from ..reproduction import Figure, Reproduction

CONDITION, SIZE = 100.0, 20
# Steps between which the rate is taken: late enough for the slowest direction.
_FROM, _TO = 400, 600
_ROOT = np.sqrt(CONDITION)
PLAIN = (CONDITION - 1) / (CONDITION + 1)
HEAVY = (_ROOT - 1) / (_ROOT + 1)


def measure(seed: int) -> dict[str, float]:
    """Factor a step of the distance to the minimum, by plain steps and heavy ball."""
    rng = np.random.default_rng(seed)
    turned, _ = np.linalg.qr(rng.standard_normal((SIZE, SIZE)))
    curvature = turned @ np.diag(np.geomspace(1, CONDITION, SIZE)) @ turned.T
    start = rng.standard_normal(SIZE)
    rate = (2 / (_ROOT + 1)) ** 2
    return {
        "plain": _factor("sgd", curvature, start, lr=2 / (CONDITION + 1)),
        "heavy_ball": _factor("momentum", curvature, start, lr=rate, momentum=HEAVY**2),
    }


def _factor(name, curvature, start, **hyper):
    optimizer, point = OPTIMIZERS[name], start.copy()
    state, distances = optimizer.init_state(point.size, dtype=np.float64), []
    for step in range(1, _TO + 1):
        optimizer.update(point, curvature @ point, state, step=step, **hyper)
        distances.append(np.linalg.norm(point))
    return float((distances[_TO - 1] / distances[_FROM - 1]) ** (1 / (_TO - _FROM)))


RESULT = Reproduction(
    name="convergence_rates",
    title="How fast gradient descent converges on a quadratic",
    setup="A quadratic of 20 parameters whose curvatures run from 1 to 100, at the best"
    " learning rate of each rule. The figures are the factors by which the distance to"
    " the minimum shrinks in a step.",
    source="Polyak (1964), Some methods of speeding up the convergence of iteration"
    " methods, USSR Computational Mathematics and Mathematical Physics 4; Nesterov"
    " (2004), Introductory lectures on convex optimization, theorem 2.1.15",
    figures=(
        Figure("plain", "gradient descent", PLAIN, PLAIN, 0.001),
        Figure("heavy_ball", "heavy-ball momentum", HEAVY, HEAVY, 0.01),
    ),
    measure=measure,
    remark="What is published is exact: (k - 1) / (k + 1), and (√k - 1) / (√k + 1) for"
    " momentum, for a condition number k of 100.",
)
