"""How much an effect differs between two runs, with an interval from both."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, inf, isfinite, nan

import numpy as np
from scipy.special import stdtr

from .comparison.holm import holm
from .effects import ALPHA
from .intervals import Interval, t_quantile
from .signs import sign_interval

# Below it no p is told: the interval is then searched no further.
LEAST_P = 1e-12
_HALVINGS = 60


@dataclass(frozen=True)
class MeanEstimate:
    """A mean with its standard error and the degrees of freedom of that."""

    value: float
    error: float
    degrees: int

    def limits(self, level: float) -> Interval:
        """Student's interval; of no width where all values are equal."""
        half = t_quantile(level, self.degrees) * self.error if self.error else 0.0
        return Interval(self.value, self.value - half, self.value + half)

    def p(self) -> float:
        """Two-sided p of Student's test that the mean is 0.

        Source: Student (1908), The probable error of a mean, Biometrika 6.
        """
        if not self.error:
            return LEAST_P if self.value else 1.0
        tail = float(stdtr(self.degrees, -abs(self.value) / self.error))
        return min(1.0, max(2 * tail, LEAST_P))


@dataclass(frozen=True)
class MedianEstimate:
    """The median of numbers, one a seed, some of which may be infinite."""

    values: tuple[float, ...]

    def limits(self, level: float) -> Interval:
        """The inverted sign test, see `sign_interval`."""
        return sign_interval(self.values, level)

    def p(self) -> float:
        """Smallest 1 - level whose interval excludes 0."""
        return _p(self)


@dataclass(frozen=True)
class EstimateDifference:
    """after - before of two independent estimates.

    limits: with d = after - before, and (l, u) the limits of each alone,
    low = d - sqrt((after - l_after)^2 + (u_before - before)^2),
    high = d + sqrt((u_after - after)^2 + (before - l_before)^2).
    Of two means it is the interval of Howe (1974), at least as wide as Welch's. NaN
    without bounds where an estimate is infinite.
    Source: Zou & Donner (2008), Construction of confidence limits about effect
    measures: a general approach, Statistics in Medicine 27 (MOVER); Howe (1974),
    Approximate confidence limits on the mean of X + Y, JASA 69.
    """

    before: MeanEstimate | MedianEstimate
    after: MeanEstimate | MedianEstimate

    def limits(self, level: float) -> Interval:
        """The MOVER interval of the difference."""
        a, b = self.before.limits(level), self.after.limits(level)
        if not (isfinite(a.value) and isfinite(b.value)):
            return Interval(nan, -inf, inf)
        value = b.value - a.value
        return Interval(
            value,
            value - hypot(b.value - b.low, a.high - a.value),
            value + hypot(b.high - b.value, a.value - a.low),
        )

    def p(self) -> float:
        """Smallest 1 - level whose interval excludes 0."""
        return _p(self)


Estimate = MeanEstimate | MedianEstimate | EstimateDifference


def excludes_zero(found: Interval) -> bool:
    """Does the interval lie wholly on one side of 0?"""
    return found.low > 0 or found.high < 0


def _p(estimate) -> float:
    """By halving: intervals of a lower level lie within those of a higher one."""
    if excludes_zero(estimate.limits(1 - LEAST_P)):
        return LEAST_P
    low, high = LEAST_P, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        inside = not excludes_zero(estimate.limits(1 - middle))
        low, high = (middle, high) if inside else (low, middle)
    return high


def holm_levels(p: Sequence[float]) -> list[float]:
    """The level of each interval that excludes 0 exactly where Holm rejects at .05.

    The i-th smallest p of k is held against .05 / (k - i + 1). After the first that is
    not rejected none is, so all further ones share its level. Source: see `holm`.
    """
    order = np.argsort(np.asarray(p, dtype=float), kind="stable")
    rejected = holm(p) < ALPHA
    levels, divisor = [0.0] * len(order), len(order)
    for place, index in enumerate(order.tolist()):
        if place == 0 or rejected[order[place - 1]]:
            divisor = len(order) - place
        levels[index] = 1 - ALPHA / divisor
    return levels
