"""Levenberg-Marquardt: Gauss-Newton steps, damped until the loss falls."""

import math

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from ..bounds import COUNT, NONNEGATIVE, POSITIVE
from ..minimiser import Minimiser, largest

# Damping of a parameter that the output does not depend on at all, as a share of the
# largest: it must not make the equations singular.
LEAST_SCALE = 1e-12


def damped_step(hessian, grad, scale, damping):
    """-(H + damping D)^-1 g, or None where that matrix is not positive definite.

    D: diagonal `scale`, float64[n].
    """
    matrix = hessian.copy()
    matrix.flat[:: len(matrix) + 1] += damping * scale
    try:
        return cho_solve(
            cho_factor(matrix, overwrite_a=True, check_finite=False), -grad
        )
    except LinAlgError:
        return None


def descend(objective, point, scale, damping, growth, max_eval):
    """(`Point` of a lower value or `point`, damping, growth) by up to max_eval steps.

    scale: float64[n], raised to the diagonal of H.

    The gain ratio is that of the value to its quadratic model: (f(p) - f(p + d)) / (1/2
    d.(damping D d - g)). Source: Madsen, Nielsen & Tingleff (2004), section 3.2.
    """
    hessian, grad = objective.curvature(point.p), point.grad.astype(np.float64)
    np.maximum(scale, hessian.diagonal(), out=scale)
    np.maximum(scale, LEAST_SCALE * scale.max(), out=scale)
    for _ in range(max_eval):
        d = damped_step(hessian, grad, scale, damping)
        if d is not None:
            trial = objective(point.p + d.astype(point.p.dtype))
            model = 0.5 * float(d @ (damping * scale * d - grad))
            gain = (point.value - trial.value) / model if model > 0.0 else 0.0
            if math.isfinite(gain) and gain > 0.0:
                damping *= max(1.0 / 3.0, 1.0 - (2.0 * gain - 1.0) ** 3)
                return trial, damping, 2.0
        damping, growth = damping * growth, growth * 2.0
    return point, damping, growth


def iterate(objective, point, damping, max_eval, tolerance_grad, tolerance_change):
    """p <- p + d with (H + damping D) d = -g, the damping from 1e-3 or so on.

    H = mean over rows of J^T S J, with J the rows' derivatives of the outputs and S the
    loss's second derivative in them: for squared errors J^T J, that of Gauss-Newton,
    for other losses the generalised one (Schraudolph 2002). D = diag H (Marquardt
    1963), of each entry the largest so far (Moré 1978, section 5).
    An epoch is one step that lowers the value, after at most max_eval trials of falling
    damping. Converged: the largest |g| is below tolerance_grad, or the largest |d|
    below tolerance_change times that of p, or no trial has lowered the value.
    """
    growth, scale = 2.0, np.zeros(point.p.size)
    while True:
        last = point
        if largest(point.grad) > tolerance_grad:
            point, damping, growth = descend(
                objective, point, scale, damping, growth, max_eval
            )
        small = tolerance_change * (largest(last.p) + tolerance_change)
        still = largest(point.p - last.p) <= small
        yield point, still or largest(point.grad) <= tolerance_grad


MINIMISER = Minimiser(
    name="levenberg_marquardt",
    iterate=iterate,
    defaults={
        "damping": 1e-3,
        "max_eval": 25,
        "tolerance_grad": 1e-10,
        "tolerance_change": 1e-12,
    },
    bounds={
        "damping": POSITIVE,
        "max_eval": COUNT,
        "tolerance_grad": NONNEGATIVE,
        "tolerance_change": NONNEGATIVE,
    },
    curvature=True,
    vectors=lambda size, _options: 2 + 2 * size,
    source="Levenberg (1944); Marquardt (1963); Madsen et al. (2004), alg. 3.16",
)
