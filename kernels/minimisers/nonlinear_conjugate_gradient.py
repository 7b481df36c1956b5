"""Nonlinear conjugate gradient: directions that spoil little of what others reached."""

import math

from ..bounds import NONNEGATIVE, POSITIVE, Bounds
from ..line_search import SearchLine, strong_wolfe
from ..minimiser import Minimiser, dot, largest, sum_of_sizes

# The second Wolfe condition must be tight for conjugate directions to descend:
# Nocedal & Wright (2006), section 5.2.
C1, C2 = 1e-4, 0.1


def conjugate(grad, last, direction):
    """(-grad + beta direction, whether beta = 0: a restart).

    beta = max(0, g.(g - g_last) / |g_last|^2): Polak & Ribiere (1969), with Powell's
    (1984) bound. Zero too where successive gradients are far from orthogonal,
    |g.g_last| >= |g|^2 / 10 (Powell 1977), or where the direction would not descend.
    """
    square, mixed = dot(grad, grad), dot(grad, last)
    if abs(mixed) < 0.1 * square:
        beta = max(0.0, (square - mixed) / (dot(last, last) or math.inf))
        found = beta * direction - grad
        if dot(grad, found) < 0.0:
            return found, beta == 0.0
    return -grad, True


def iterate(objective, point, lr, max_eval, tolerance_grad, tolerance_change):
    """d <- -g + beta d;  p <- p + t d, with t by the strong Wolfe search.

    beta: see `conjugate`. The search begins at lr min(1, 1 / |g|_1), and later where
    the step would change the value, to first order, by as much as the last one did:
    lr t_last (g_last.d_last) / (g.d). It takes at most max_eval evaluations, one search
    an epoch. Converged: the largest |g| is below tolerance_grad, or neither the largest
    |t d| nor the change of the value is above tolerance_change though d = -g.
    """
    d, change, restarted = -point.grad, None, True
    while True:
        if largest(point.grad) <= tolerance_grad:
            yield point, True
            continue
        slope = dot(point.grad, d)
        t = lr * min(1.0, 1.0 / sum_of_sizes(point.grad))
        if change is not None and slope < 0.0:
            t = lr * change / slope
        line = SearchLine(objective, point, d, C1, C2)
        end = strong_wolfe(line, t, max_eval, tolerance_change)
        moved, gained = largest(end.t * d), abs(point.value - end.value)
        still = moved <= tolerance_change or gained < tolerance_change
        converged = still and restarted
        change = end.t * slope if moved > 0.0 else None
        last, point = point.grad, end.point
        # After a step that led nowhere only the steepest descent may still do better.
        d, restarted = (-point.grad, True) if still else conjugate(point.grad, last, d)
        yield point, converged or largest(point.grad) <= tolerance_grad


MINIMISER = Minimiser(
    name="nonlinear_conjugate_gradient",
    iterate=iterate,
    defaults={
        "lr": 1.0,
        "max_eval": 25,
        "tolerance_grad": 1e-7,
        "tolerance_change": 1e-9,
    },
    bounds={
        "lr": POSITIVE,
        "max_eval": Bounds(2, 2**53, whole=True),
        "tolerance_grad": NONNEGATIVE,
        "tolerance_change": NONNEGATIVE,
    },
    source="Polak & Ribiere (1969); Nocedal & Wright (2006), section 5.2, PR+",
)
