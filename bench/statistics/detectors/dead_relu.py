"""Dead ReLU: units that are never active, and so never learn again."""

import numpy as np

from .detection import any_of, component, measured

# A unit that is active on a smaller share of the samples is dead.
DEAD_BELOW = 0.01


def dead_fraction(active_share):
    """Share of the units of one layer that are dead.

    active_share: float[units], share of the samples on which a unit is above zero.
    """
    return float(np.mean(np.asarray(active_share, dtype=float) < DEAD_BELOW))


def detect(values, test_over_train=None):
    """Over 50 % of a layer dead.

    values: dead_fraction, the largest of any layer. Source: Lu, Shin, Su & Karniadakis
    (2020), Dying ReLU and initialization; thresholds of SageMaker Debugger's DeadRelu.
    """
    return any_of(
        component(
            "dead units of the worst layer",
            100.0 * measured(values, "dead_fraction"),
            ">",
            50.0,
            "%",
            test_over_train=test_over_train,
        )
    )
