"""A step length along a direction that meets the strong Wolfe conditions.

f(t) <= f(0) + c1 t f'(0) and |f'(t)| <= c2 |f'(0)|, where f(t) is the objective at
p + t d. Source: Nocedal & Wright (2006), algorithms 3.5 (bracketing) and 3.6 (zoom).
How far a step may stretch, and how near to an end of the bracket a trial may lie, is
left open there; both are Schmidt's (2005, minFunc), whom torch.optim.LBFGS follows.
"""

import math
from dataclasses import dataclass

from .minimiser import Iterate, dot, largest

# A longer step is at least this share of the last stretch, at most so many steps, long.
LEAST_STRETCH, MOST_STRETCH = 0.01, 10.0
# A trial nearer to an end than this share of the bracket makes too little progress.
MARGIN = 0.1


@dataclass(frozen=True)
class Probe:
    """The objective at step length t: its value, its slope along the line."""

    t: float
    value: float
    slope: float
    point: Iterate


class SearchLine:
    """An objective along p + t d from a point; counts its evaluations.

    c1, c2: of the Wolfe conditions.
    """

    def __init__(self, objective, start, direction, c1=1e-4, c2=0.9):
        self.objective, self.direction, self.c1, self.c2 = objective, direction, c1, c2
        slope = dot(start.grad, direction)
        self.start, self.calls = Probe(0.0, start.value, slope, start), 0

    def at(self, t):
        """The `Probe` at t; what is not finite there counts as infinitely high."""
        self.calls += 1
        point = self.objective(self.start.point.p + t * self.direction)
        slope = dot(point.grad, self.direction)
        if math.isfinite(point.value) and math.isfinite(slope):
            return Probe(t, point.value, slope, point)
        return Probe(t, math.inf, math.inf, point)

    def too_high(self, trial):
        """Does it miss the first condition?"""
        start = self.start
        return trial.value > start.value + self.c1 * trial.t * start.slope

    def flat(self, trial):
        """Does it meet the second condition?"""
        return abs(trial.slope) <= -self.c2 * self.start.slope


def strong_wolfe(line, t, most, least):
    """The best `Probe` of a search that begins at t.

    most: evaluations; where they do not suffice, the trial meets the first condition
    only, or is the start itself. least: length of a bracket, in the parameter that
    changes most, that is not divided any more.
    """
    ends, found = bracket(line, t, most)
    if found:
        return ends[1]
    return zoom(line, ends, most, least / (largest(line.direction) or 1.0))


def bracket(line, t, most):
    """(two trials with a good step between them, whether the second is one itself).

    Algorithm 3.5; the first stretch may end higher than it began, as in minFunc.
    """
    last, new = line.start, line.at(t)
    for k in range(most):
        if line.too_high(new) or (k > 1 and new.value >= last.value):
            return [last, new], False
        if line.flat(new):
            return [last, new], True
        if new.slope >= 0.0:
            return [last, new], False
        limits = new.t + LEAST_STRETCH * (new.t - last.t), MOST_STRETCH * new.t
        last, new = new, line.at(cubic_minimum(last, new, *limits))
    return [line.start, new], False


def zoom(line, ends, most, least):
    """The trial that algorithm 3.6 finds between two ends."""
    low, near = _lower(ends), False
    while line.calls <= most and abs(ends[1].t - ends[0].t) >= least:
        left, right = sorted((ends[0].t, ends[1].t))
        t, near = _inside(
            cubic_minimum(ends[0], ends[1], left, right), left, right, near
        )
        new = line.at(t)
        if line.too_high(new) or new.value >= ends[low].value:
            ends[1 - low] = new
            low = _lower(ends)
            continue
        if line.flat(new):
            return new
        if new.slope * (ends[1 - low].t - ends[low].t) >= 0.0:
            ends[1 - low] = ends[low]
        ends[low] = new
    return ends[low]


def _lower(ends):
    return 0 if ends[0].value <= ends[1].value else 1


def _inside(t, left, right, near):
    """(t, or `MARGIN` inside the nearer end; whether t is near an end).

    A first trial near an end is let pass; a second in a row, or one on it, is not.
    """
    margin = MARGIN * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not near and left < t < right:
        return t, True
    return (right - margin if right - t < t - left else left + margin), False


def cubic_minimum(a, b, low, high):
    """Minimum of the cubic through two trials, in [low, high]; their middle if none.

    Source: Nocedal & Wright (2006), eq. 3.59.
    """
    if a.t > b.t:
        a, b = b, a
    d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.t - b.t or math.nan)
    square = d1 * d1 - a.slope * b.slope
    if square >= 0.0:  # false where a value is not finite
        d2 = math.sqrt(square)
        width = b.slope - a.slope + 2.0 * d2 or math.nan
        t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / width)
        if math.isfinite(t):
            return min(max(t, low), high)
    return (low + high) / 2.0
