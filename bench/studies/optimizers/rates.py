"""Does the engine converge as theory says? Least squares with a known spectrum."""

from math import log, sqrt
from typing import Any

import numpy as np

from ....kernels import mlp, train

KAPPA, FEATURES, ROWS = 100.0, 12, 64


def regression(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """x float64[rows, features] and y of a least squares without noise.

    The Hessian 2 x^T x / rows has eigenvalues from 2/kappa to 2, exactly; columns have
    mean zero, so that the bias is an eigendirection of its own, of eigenvalue 2.
    """
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(ROWS, FEATURES + 1))
    z[:, 0] = 1.0
    basis = np.linalg.qr(z)[0][:, 1:]
    rotation = np.linalg.qr(rng.normal(size=(FEATURES, FEATURES)))[0]
    x = sqrt(ROWS) * basis * np.geomspace(KAPPA**-0.5, 1.0, FEATURES) @ rotation
    return x, x @ rng.normal(size=(FEATURES, 1))


def convergence_rates() -> list[dict[str, Any]]:
    """Factor by which the error falls a step, measured and as theory says.

    Gradient descent with lr = 2/(L + l): (kappa - 1)/(kappa + 1). Heavy-ball momentum
    with lr = 4/(sqrt L + sqrt l)^2 and the square of its rate as momentum:
    (sqrt kappa - 1)/(sqrt kappa + 1); its extreme eigenvalues are double roots, whose
    error is t rate^t, so that the factor t is divided out. L and l: largest and
    smallest eigenvalue of the Hessian.
    Source: Polyak (1964), section 3; Nesterov (2004), Introductory lectures on convex
    optimization, theorem 2.1.15.
    """
    top, low, root = 2.0, 2.0 / KAPPA, sqrt(KAPPA)
    slow, fast = (KAPPA - 1) / (KAPPA + 1), (root - 1) / (root + 1)
    heavy = {"lr": 4 / (sqrt(top) + sqrt(low)) ** 2, "momentum": fast**2}
    return [
        _rate("gradient_descent", {"lr": 2 / (top + low)}, slow, (200, 500), 0.0),
        _rate("momentum", heavy, fast, (60, 130), 1.0),
    ]


def _rate(name, options, theory, window, power):
    """One row; power: of the factor t that is divided out."""
    x, y = regression()
    net = mlp([FEATURES, 1], loss="mse")
    params, (first, last) = net.init(1).astype(np.float64), window
    how: dict[str, Any] = {"batch_size": None, "epochs": last + 1, "threads": 1}
    history = train(net, params, x, y, optimizer=name, **how, **options)
    steps = np.arange(first, last + 1)
    errors = 0.5 * np.log(history.train_loss[steps]) - power * np.log(steps)
    measured = float(np.exp(np.polyfit(steps, errors, 1)[0]))
    return {
        "optimizer": name,
        "kappa": KAPPA,
        "theory": theory,
        "measured": measured,
        # Of the logarithms: the number of steps a digit takes.
        "difference": log(measured) / log(theory) - 1,
    }
