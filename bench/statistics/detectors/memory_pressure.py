"""Memory pressure: at the budget, or over it."""

import numpy as np

from .detection import any_of, component, measured, share_of_runs

READS = ("peak_bytes", "budget", "status")
_OUT_OF_MEMORY = ("MemoryError", "killed")


def detect(values, test_over_train=None):
    """Peak >= 90 % of the budget, or a run that ended in MemoryError or was killed.

    values: peak_bytes, budget (bytes; a scalar or one per seed), status (strings).
    """
    peak, budget = measured(values, "peak_bytes"), measured(values, "budget")
    known = peak.size and budget.size
    with np.errstate(divide="ignore", invalid="ignore"):
        filled = 100.0 * peak / budget if known else np.empty(0)
    return any_of(
        component(
            "peak memory / budget",
            filled,
            ">=",
            90.0,
            "%",
            test_over_train=test_over_train,
        ),
        share_of_runs(
            "share of runs that ran out of memory",
            [status in _OUT_OF_MEMORY for status in values.get("status", ())],
        ),
    )
