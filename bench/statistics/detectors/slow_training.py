"""Slow training: it gets there, but at many times the price, or hardly moves."""

from dataclasses import replace

import numpy as np

from .detection import Detection, any_of, component, log_ratio, measured

READS = (
    "evaluations_to_target",
    "reference_evaluations",
    "evaluations_budget",
    "late_drop",
    "late_fall",
)


def detect(values, test_over_train=None):
    """Cost to target >= 3 x the tuned reference, or drop < 0.1 % per 10 evaluations.

    values: evaluations_to_target (infinite where the target was missed: it then counts
    as `evaluations_budget`, a lower bound, if that is given), reference_evaluations
    (the tuned reference on the same seeds), and optionally late_drop: relative loss
    drop per 10 evaluations above the target. Seeds on which the reference missed say
    nothing. The ratio is averaged as a logarithm. A miss may raise the alarm by its
    lower bound, but counts as infinite where the sign is to be refuted. late_fall,
    optional: by which share the validation loss fell over the last tenth of a training.
    Where it is given the cost alone is no alarm: it must fall by > 1 %, for a training
    that overfits or is too small misses a target too, and more time would not help.
    """
    needed = measured(values, "evaluations_to_target")
    reference = measured(values, "reference_evaluations")
    reference = np.where(np.isinf(reference), np.nan, reference)
    least = needed
    if needed.size and values.get("evaluations_budget") is not None:
        least = np.where(np.isinf(needed), values["evaluations_budget"], needed)
    cost, unbounded = (
        component(
            "cost / cost of the reference",
            log_ratio(passes, reference),
            ">=",
            3.0,
            shown=np.exp,
            test_over_train=test_over_train,
        )
        for passes in (least, needed)
    )
    found = [replace(cost, refuted=unbounded.refuted)]
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
    fall = measured(values, "late_fall")
    if not fall.size:
        return any_of(*found)
    falls = still_falls(fall, test_over_train)
    either = any_of(*found)
    fires = (cost.fires and falls.fires) or any(c.fires for c in found[1:])
    return Detection(fires, (*found, falls), either.refuted)


def still_falls(late_fall, test_over_train=None):
    """`Component`: the validation loss fell by > 1 % over the last tenth. float[n]."""
    return component(
        "fall of the validation loss over the last tenth",
        100.0 * late_fall,
        ">",
        1.0,
        "%",
        test_over_train=test_over_train,
    )
