"""Vanishing gradient: the first layer learns nothing of what the last one sees."""

import numpy as np

from .detection import any_of, component, log_ratio, measured

READS = ("first_layer_gradient_rms", "last_layer_gradient_rms")


def detect(values, test_over_train=None):
    """First- to last-layer gradient RMS < 1e-3, or the first layer's RMS < 1e-7.

    values: first_layer_gradient_rms, last_layer_gradient_rms. Both numbers are averaged
    as logarithms. They are of training rows and hang on the start, which every seed
    draws anew: of 12 splits by 12 starts of one data set the splits made up 1 % of the
    variance. So seeds count as independent, whatever test_over_train. Source: Glorot &
    Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, AISTATS; thresholds of AutoTrainer (Zhang et al. 2021, ICSE) and of
    SageMaker Debugger.
    """
    first = measured(values, "first_layer_gradient_rms")
    last = measured(values, "last_layer_gradient_rms")
    return any_of(
        component(
            "gradient of the first layer / of the last",
            log_ratio(first, last),
            "<",
            1e-3,
            shown=np.exp,
        ),
        component(
            "gradient of the first layer, root mean square",
            log_ratio(first, np.ones_like(first)),
            "<",
            1e-7,
            shown=np.exp,
        ),
    )
