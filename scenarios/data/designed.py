"""Data made for a question: known curvature, and images as their own targets."""

import numpy as np

from .bundled import bundled
from .table import Table


def spectrum(rng, n_samples=2000, n=20, kappa=1e3, noise=0.1, rotated=True):
    """Linear regression whose Hessian's eigenvalues run from 1 to 1/kappa.

    x = z D Q with z normal, whitened over all rows, D^2 the eigenvalues in equal
    ratios, Q a random rotation (without it every feature has a scale of its own); y =
    x w + noise N(0, 1), where every eigendirection contributes as much to y, whose
    variance without noise is 1. So the covariance of all rows has the condition number
    kappa, and mini-batches make the gradient noisy.
    Source: the noisy quadratic model of Schaul, Zhang & LeCun (2013), section 3.
    """
    z = rng.standard_normal((n_samples, n))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(z.T @ z / n_samples)).T
    scale = np.geomspace(1, kappa**-0.5, n)
    rotation = np.linalg.qr(rng.standard_normal((n, n)))[0] if rotated else np.eye(n)
    signs = rng.choice([-1.0, 1.0], size=(n, 1))
    y = z @ signs / np.sqrt(n) + noise * rng.standard_normal((n_samples, 1))
    about = f"A linear regression of {n} features with condition number {kappa:g}"
    return Table((z * scale) @ rotation, y, 0, f"{about}, drawn afresh for every seed.")


def one_digit(digit=8):
    """The digits' pixels, from 0 to 16, and whether each is this digit: 1, or not: 0.

    About a tenth of all rows are. Every row is there once.
    """
    digits = bundled("digits")
    y = (digits.y == digit).astype(np.float64)
    about = (
        "1,797 handwritten digits of 8 x 8 pixels, of which it must be told whether"
        f" they are {int(digit)}s."
    )
    return Table(digits.x, y, 2, about)


def digits_reconstruction():
    """The digits' pixels, from 0 to 1, both as features and as what to predict."""
    digits = bundled("digits")
    pixels = digits.x / 16
    about = "1,797 handwritten digits of 8 x 8 pixels that a network must reproduce."
    return Table(pixels, pixels.copy(), 0, about)
