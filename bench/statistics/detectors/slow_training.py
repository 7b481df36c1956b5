"""Slow training: it gets there, but at many times the price, or hardly moves."""

import numpy as np

from .detection import any_of, component, log_ratio, measured


def detect(values, test_over_train=None):
    """Cost to target >= 3 x the tuned reference, or drop < 0.1 % per 10 evaluations.

    values: evaluations_to_target (infinite where the target was missed: it then counts
    as `evaluations_budget`, a lower bound, if that is given), reference_evaluations
    (the tuned reference on the same seeds), and optionally late_drop: relative loss
    drop per 10 evaluations above the target. Seeds on which the reference missed say
    nothing. The ratio is averaged as a logarithm.
    """
    needed = measured(values, "evaluations_to_target")
    if needed.size and values.get("evaluations_budget") is not None:
        needed = np.where(np.isinf(needed), values["evaluations_budget"], needed)
    reference = measured(values, "reference_evaluations")
    reference = np.where(np.isinf(reference), np.nan, reference)
    found = [
        component(
            "cost / cost of the tuned reference",
            log_ratio(needed, reference),
            ">=",
            3.0,
            shown=np.exp,
            test_over_train=test_over_train,
        )
    ]
    drop = measured(values, "late_drop")
    if np.isfinite(drop).any():
        found.append(
            component(
                "loss drop per 10 evaluations above the target",
                100.0 * drop,
                "<",
                0.1,
                "%",
                test_over_train=test_over_train,
            )
        )
    return any_of(*found)
