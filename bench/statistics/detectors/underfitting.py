"""Underfitting: bad on training rows already, and a larger network would do better."""

import numpy as np

from .detection import Detection, any_of, component, log_ratio, measured

READS = (
    "train_loss",
    "best_sweep_train_loss",
    "train_metric",
    "val_metric",
    "wider_val_metric",
    "delta",
)


def detect(values, test_over_train=None):
    """Loss > 1.10 x the best of wider networks, gap < 2 points, doubling gains > delta.

    All three must hold. Few validation rows leave open whether a gap is < 2 points: it
    is then no objection where twice the width surely does better on new rows than this
    network on its own. values: train_loss, best_sweep_train_loss (the lowest over a
    capacity sweep on the same seed); train_metric, val_metric, wider_val_metric (with
    twice the width): accuracies from 0 to 1; delta: smallest gain in accuracy that
    matters, 0.01 if absent. What is missing cannot fire.
    """
    train, val, wider = (
        measured(values, f"{part}_metric") for part in ("train", "val", "wider_val")
    )
    delta = values.get("delta", 0.01)
    loss = component(
        "training loss / best training loss of wider networks",
        log_ratio(
            measured(values, "train_loss"), measured(values, "best_sweep_train_loss")
        ),
        ">",
        1.10,
        shown=np.exp,
        test_over_train=test_over_train,
    )
    gap = component(
        "accuracy gap, training - validation",
        _points(train, val),
        "<",
        2.0,
        "points",
        test_over_train=test_over_train,
    )
    gain = component(
        "validation accuracy gained by doubling the width",
        _points(wider, val),
        ">",
        100.0 * delta,
        "points",
        test_over_train=test_over_train,
    )
    beside = component(
        "validation accuracy with twice the width - training accuracy",
        _points(_less(wider, train), np.zeros_like(train)),
        ">",
        0.0,
        "points",
        test_over_train=test_over_train,
    )
    unsure = beside.value is not None and not (gap.fires or gap.refuted)
    either = any_of(gap, beside) if unsure else any_of(gap)
    needed = loss, either, gain
    return Detection(
        all(sign.fires for sign in needed),
        (loss, gap, gain, *([beside] if beside.value is not None else [])),
        any(sign.refuted for sign in needed),
    )


def _less(a, b):
    return a - b if a.size and b.size else np.empty(0)


def _points(higher, lower):
    if not (higher.size and lower.size):
        return np.empty(0)
    return 100.0 * (higher - lower)
