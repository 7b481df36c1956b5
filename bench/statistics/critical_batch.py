"""The critical batch size: rows a step from which more of them hardly save steps."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares


class CriticalBatch(NamedTuple):
    """S(B) = least_steps (1 + critical / B), whose product with B are the rows seen."""

    least_steps: float
    critical: float

    def steps(self, rows: np.ndarray) -> np.ndarray:
        """float[k]: steps to the target with so many rows a step."""
        return self.least_steps * (1 + self.critical / rows)


def critical_batch(rows: np.ndarray, steps: np.ndarray) -> CriticalBatch | None:
    """Fit steps to a target, float[k], against rows a step, float[k].

    Least squares of the logarithms, what missed the target (infinite) left out; None
    with fewer than three points. Source: McCandlish et al. (2018), An empirical model
    of large-batch training, section 2.3: (S / S_min - 1) (E / E_min - 1) = 1 with
    E = B S, and B_crit = E_min / S_min.
    """
    known = np.isfinite(steps)
    rows, steps = rows[known], steps[known]
    if len(steps) < 3:
        return None
    start = np.log([steps.min(), np.sqrt(rows.min() * rows.max())])

    def missing(logs):
        least, critical = np.exp(logs)
        return np.log(least * (1 + critical / rows)) - np.log(steps)

    bounds = (start - 20, start + 20)
    least, critical = np.exp(least_squares(missing, start, bounds=bounds).x)
    return CriticalBatch(float(least), float(critical))
