"""Exploding gradient: it grows on its way back through the layers."""

import numpy as np

from .detection import any_of, component, log_ratio, measured

READS = ("first_layer_gradient_rms", "last_layer_gradient_rms")


def detect(values, test_over_train=None):
    """First- to last-layer gradient RMS > 70.

    values: first_layer_gradient_rms, last_layer_gradient_rms. The ratio is averaged as
    a logarithm. Seeds count as independent, see `vanishing_gradient`: splits made up
    8 % of the variance. Source: Pascanu, Mikolov & Bengio (2013), On the difficulty of
    training recurrent neural networks, ICML; threshold of AutoTrainer (Zhang et al.
    2021, ICSE).
    """
    first = measured(values, "first_layer_gradient_rms")
    last = measured(values, "last_layer_gradient_rms")
    return any_of(
        component(
            "gradient of the first layer / of the last",
            log_ratio(first, last),
            ">",
            70.0,
            shown=np.exp,
        )
    )
