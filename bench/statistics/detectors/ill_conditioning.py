"""Ill-conditioning: inputs of such different scales that no one step size suits all."""

import numpy as np

from .detection import any_of, component, log_ratio, measured

READS = ("condition_number", "lambda_max_over_mean")


def detect(values, test_over_train=None):
    """Condition number of the input covariance > 1e4, or lambda_max / mean > 100.

    values: condition_number, lambda_max_over_mean (largest eigenvalue / their mean).
    Both are averaged as logarithms. Source: LeCun, Bottou, Orr & Müller (1998),
    Efficient BackProp, Neural Networks: Tricks of the Trade.
    """
    limits = (
        ("condition number of the inputs", "condition_number", 1e4),
        ("largest eigenvalue / mean eigenvalue", "lambda_max_over_mean", 100.0),
    )
    return any_of(
        *(
            component(
                name,
                log_ratio(found := measured(values, key), np.ones_like(found)),
                ">",
                limit,
                shown=np.exp,
                test_over_train=test_over_train,
            )
            for name, key, limit in limits
        )
    )
