"""Overfitting: far better on training rows than on new ones, and it shows."""

import numpy as np

from .detection import Detection, any_of, component, log_ratio, measured

READS = ("train_loss", "val_loss", "best_val_loss", "train_metric", "val_metric")


def detect(values, test_over_train=None):
    """(val - train)/train > 0.1, and GL > 5 % or an accuracy gap of over 5 points.

    values: train_loss, val_loss (at the end), best_val_loss (the lowest epoch's);
    train_metric, val_metric: accuracies from 0 to 1, absent where there is none.
    GL = 100 (E_val / E_best - 1), the generalization loss. Both ratios of losses are
    averaged as logarithms.
    Source: Prechelt (1998), Early stopping - but when?, Neural Networks: Tricks of the
    Trade, eq. for GL(t).
    """
    train, val, best = (
        measured(values, name) for name in ("train_loss", "val_loss", "best_val_loss")
    )
    gap = component(
        "relative gap of the losses, (validation - training) / training",
        log_ratio(val, train),
        ">",
        0.1,
        shown=np.expm1,
        test_over_train=test_over_train,
    )
    signs = [
        component(
            "rise of the validation loss from its lowest value",
            log_ratio(val, best),
            ">",
            5.0,
            "%",
            shown=_percent,
            test_over_train=test_over_train,
        ),
        *_accuracy_gap(values, test_over_train),
    ]
    either = any_of(*signs)
    return Detection(
        gap.fires and either.fires, (gap, *signs), gap.refuted or either.refuted
    )


def _percent(log):
    return 100.0 * np.expm1(log)


def _accuracy_gap(values, test_over_train):
    train, val = (measured(values, f"{part}_metric") for part in ("train", "val"))
    if not (train.size and val.size):
        return
    yield component(
        "accuracy gap, training - validation",
        100.0 * (train - val),
        ">",
        5.0,
        "points",
        test_over_train=test_over_train,
    )
