"""Nonlinear conjugate gradient: directions that spoil little of what others reached."""

import numpy as np

from ..line_search import Line, strong_wolfe
from ..minimiser import Minimiser, largest

# The second Wolfe condition must be tight for conjugate directions to descend:
# Nocedal & Wright (2006), section 5.2.
C1, C2 = 1e-4, 0.1


def conjugate(grad, last, direction):
    """(-grad + beta direction, whether beta = 0: a restart).

    beta = max(0, g.(g - g_last) / |g_last|^2): Polak & Ribiere (1969), with Powell's
    (1984) bound. Zero too where successive gradients are far from orthogonal,
    |g.g_last| >= |g|^2 / 10 (Powell 1977), or where the direction would not descend.
    """
    square, mixed = float(grad @ grad), float(grad @ last)
    if abs(mixed) < 0.1 * square:
        beta = max(0.0, (square - mixed) / (float(last @ last) or np.inf))
        found = beta * direction - grad
        if grad @ found < 0.0:
            return found, beta == 0.0
    return -grad, True


def iterate(objective, here, lr, max_eval, tolerance_grad, tolerance_change):
    """d <- -g + beta d;  p <- p + t d, with t by the strong Wolfe search.

    beta: see `conjugate`. The search begins at lr min(1, 1 / |g|_1), and later where
    the step would change the value, to first order, by as much as the last one did:
    lr t_last (g_last.d_last) / (g.d). It takes at most max_eval evaluations, one search
    an epoch. Converged: the largest |g| is below tolerance_grad, or neither the largest
    |t d| nor the change of the value is above tolerance_change though d = -g.
    """
    d, change, restarted = -here.grad, None, True
    while True:
        if largest(here.grad) <= tolerance_grad:
            yield here, True
            continue
        slope = float(here.grad @ d)
        t = lr * min(1.0, 1.0 / float(np.abs(here.grad).sum()))
        if change is not None and slope < 0.0:
            t = lr * change / slope
        line = Line(objective, here, d, C1, C2)
        end = strong_wolfe(line, t, max_eval, tolerance_change)
        moved, gained = largest(end.t * d), abs(here.value - end.value)
        still = moved <= tolerance_change or gained < tolerance_change
        converged = still and restarted
        change = end.t * slope if moved > 0.0 else None
        last, here = here.grad, end.point
        # After a step that led nowhere only the steepest descent may still do better.
        d, restarted = (-here.grad, True) if still else conjugate(here.grad, last, d)
        yield here, converged or largest(here.grad) <= tolerance_grad


MINIMISER = Minimiser(
    name="nonlinear_conjugate_gradient",
    iterate=iterate,
    defaults={
        "lr": 1.0,
        "max_eval": 25,
        "tolerance_grad": 1e-7,
        "tolerance_change": 1e-9,
    },
    lowest={
        "lr": 1e-30,
        "max_eval": 2,
        "tolerance_grad": 0.0,
        "tolerance_change": 0.0,
    },
    source="Polak & Ribiere (1969); Nocedal & Wright (2006), section 5.2, PR+",
)
