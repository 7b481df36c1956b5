"""How an error falls with the number of rows: a power law that ends at a floor."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares, nnls

from .intervals import Interval, t_quantile

RESAMPLES = 1000
# Exponents that are told apart; Hestness et al. saw 0.07 to 0.5.
SLOWEST, STEEPEST = 0.02, 8.0
_ENDLESS = 60.0  # doublings: more rows than there ever are
_STARTS = np.geomspace(SLOWEST, STEEPEST, 12)


@dataclass(frozen=True)
class PowerLaw:
    """error = scale n^-exponent + floor, n in multiples of the smallest size."""

    scale: float
    exponent: float
    floor: float

    def at(self, multiples: ArrayLike) -> np.ndarray:
        """The error at these multiples of the smallest size, float[...]."""
        n = np.asarray(multiples, dtype=float)
        return self.scale * n**-self.exponent + self.floor

    @property
    def half(self) -> float:
        """By how many times the rows must grow to halve what lies above the floor."""
        return float(2.0 ** (1.0 / self.exponent))


def fitted(multiples: ArrayLike, errors: ArrayLike) -> PowerLaw:
    """The law of least squared relative errors; at least four sizes.

    multiples: float[k], of the smallest size, rising; errors: float[k], positive.
    Raises ValueError on anything else.
    Source: Hestness et al. (2017), Deep learning scaling is predictable, empirically,
    arXiv:1712.00409, section 3: a power law, and a region where no error is left to
    remove.
    """
    n, y = np.asarray(multiples, dtype=float), np.asarray(errors, dtype=float)
    if n.ndim != 1 or n.size < 4 or n.shape != y.shape or not (np.diff(n) > 0).all():
        raise ValueError("a power law needs errors at four rising sizes or more")
    if not (np.isfinite(y).all() and (y > 0).all() and n[0] > 0):
        raise ValueError("a power law needs positive, finite errors and sizes")
    n = n / n[0]

    best = min(
        (_best_with(exponent, n, y) for exponent in _STARTS),
        key=lambda law: np.sum((law.at(n) / y - 1.0) ** 2),
    )
    top = 2.0 * float(y.max())
    lowest, highest = [0.0, SLOWEST, 0.0], [top, STEEPEST, float(y.max())]
    found = least_squares(
        lambda theta: PowerLaw(*theta).at(n) / y - 1.0,
        np.clip([best.scale, best.exponent, best.floor], lowest, highest),
        bounds=(lowest, highest),
        x_scale=[top, 1.0, top],
    )
    return PowerLaw(*map(float, found.x))


def _best_with(exponent, n, y):
    """The law of a known exponent: its scale and floor are a line's two numbers."""
    design = np.column_stack([n**-exponent / y, 1.0 / y])
    scale, floor = nnls(design, np.ones(n.size))[0]
    return PowerLaw(float(scale), float(exponent), float(floor))


def law_intervals(
    multiples: ArrayLike, errors: np.ndarray, rng: np.random.Generator
) -> tuple[PowerLaw, dict[str, Interval]]:
    """The law of the mean errors; intervals at 95 % of exponent, floor and half.

    errors: float[seeds, sizes], at least two seeds. Whole seeds are drawn with
    replacement, for their errors share data. Each interval is Student's, with n - 1
    degrees, around the law: its standard error is the bootstrap's times
    sqrt(n / (n - 1)), for few seeds spread too little. That of the exponent is taken of
    its logarithm, and gives that of half. Four seeds cover about .9 (simulated).
    Source: Efron (1979), Annals of Statistics 7; Hesterberg (2015), What teachers
    should know about the bootstrap, The American Statistician 69, section 5.
    """
    seeds = len(errors)
    if seeds < 2:
        raise ValueError("a bootstrap needs at least two seeds")
    law = fitted(multiples, errors.mean(axis=0))
    draws = np.sort(rng.integers(0, seeds, (RESAMPLES, seeds)), axis=1)
    distinct, counts = np.unique(draws, axis=0, return_counts=True)
    laws = [fitted(multiples, errors[drawn].mean(axis=0)) for drawn in distinct]
    wide = t_quantile(0.95, seeds - 1) * sqrt(seeds / (seeds - 1))

    def reach(values):
        """Half the width of the interval of what the resamples gave."""
        mean = np.average(values, weights=counts)
        return wide * sqrt(np.average((values - mean) ** 2, weights=counts))

    factor = float(np.exp(reach(np.log([each.exponent for each in laws]))))
    slow, steep = law.exponent / factor, law.exponent * factor
    away = reach(np.array([each.floor for each in laws]))
    return law, {
        "exponent": Interval(law.exponent, slow, steep),
        "floor": Interval(law.floor, max(0.0, law.floor - away), law.floor + away),
        "half": Interval(law.half, 2.0 ** (1 / steep), 2.0 ** min(1 / slow, _ENDLESS)),
    }
