"""The two problems on which trajectories are compared, deterministic and float64."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ....kernels import Network, mlp

CONDITION, SIZE, ROWS = 1e3, 8, 20


@dataclass(frozen=True)
class Quadratic:
    """f(p) = (p - minimum)' hessian (p - minimum) / 2, eigenvalues 1e-3 to 1.

    hessian: float64[n, n], rotated, so that no axis is an eigenvector; minimum, start:
    float64[n]. layout: one tensor, a vector.
    """

    hessian: np.ndarray
    minimum: np.ndarray
    start: np.ndarray
    name: str = "quadratic"

    @property
    def layout(self):
        return [("p", 0, self.start.shape)]

    def gradient(self, params):
        return self.hessian @ (params - self.minimum)


@dataclass(frozen=True)
class SmallNetwork:
    """Mean cross-entropy of a tanh network, always on all rows.

    x: float64[b, i]; y: int64[b]; start: float64[n].
    """

    net: Network
    x: np.ndarray
    y: np.ndarray
    start: np.ndarray
    name: str = "network"

    @property
    def layout(self):
        return self.net.layout

    def gradient(self, params):
        """By our own kernels: for our side of the comparison only."""
        return self.net.loss_and_grad(params, self.x, self.y)[1]


def quadratic():
    rng = np.random.default_rng(1)
    rotation, _ = np.linalg.qr(rng.normal(size=(SIZE, SIZE)))
    eigenvalues = np.geomspace(1 / CONDITION, 1, SIZE)
    hessian = rotation * eigenvalues @ rotation.T
    minimum, start = rng.normal(size=(2, SIZE))
    return Quadratic((hessian + hessian.T) / 2, minimum, start)


def small_network():
    rng, net = np.random.default_rng(2), mlp([4, 5, 3], "tanh", "cross_entropy")
    x, y = rng.normal(size=(ROWS, 4)), rng.integers(3, size=ROWS)
    return SmallNetwork(net, x, y, 0.5 * rng.normal(size=net.n_params))


@cache
def problems():
    """{name: problem}."""
    return {problem.name: problem for problem in (quadratic(), small_network())}


def tensors_of(problem, flat):
    """The flat parameters as arrays of their own, in the order and shapes of layout."""
    return [
        flat[start : start + np.prod(shape, dtype=int)].reshape(shape).copy()
        for _, start, shape in problem.layout
    ]


def flat_of(tensors):
    """float64[n] of tensors in the order of layout."""
    return np.concatenate([np.asarray(tensor).ravel() for tensor in tensors])
