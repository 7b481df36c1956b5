"""Underfitting: bad on training rows already, and a larger network would do better."""

import numpy as np

from .detection import Detection, any_of, component, log_ratio, measured
from .slow_training import still_falls

READS = (
    "train_loss",
    "best_sweep_train_loss",
    "train_metric",
    "val_metric",
    "wider_val_metric",
    "delta",
    "late_fall",
)


def detect(values, test_over_train=None):
    """Loss > 1.10 x the best of wider networks, gap < 2 points, doubling gains > delta.

    All three must hold. Few validation rows leave open whether a gap is < 2 points: it
    is then no objection where twice the width surely does better on new rows than this
    network on its own. values: train_loss, best_sweep_train_loss (the lowest over a
    capacity sweep on the same seed); train_metric, val_metric, wider_val_metric (with
    twice the width): accuracies from 0 to 1; delta: smallest gain in accuracy that
    matters, 0.01 if absent; late_fall, optional: by which share the validation loss
    fell over the last tenth of a training. Where that is surely > 1 % the training is
    slow, and not shown to be too small: a wider network is also a faster one. What is
    missing cannot fire.
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
    shown = [loss, gap, gain, *([beside] if beside.value is not None else [])]
    falls = any_of()
    if (fall := measured(values, "late_fall")).size:
        shown.append(still_falls(fall, test_over_train))
        falls = any_of(shown[-1])
    return Detection(
        all(sign.fires for sign in needed) and not falls.fires,
        tuple(shown),
        any(sign.refuted for sign in needed),
    )


def _less(a, b):
    return a - b if a.size and b.size else np.empty(0)


def _points(higher, lower):
    if not (higher.size and lower.size):
        return np.empty(0)
    return 100.0 * (higher - lower)
