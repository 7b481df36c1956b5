"""Dead ReLU: units that are never active, and so never learn again."""

from .detection import any_of, component, measured

READS = ("dead_fraction",)


def detect(values, test_over_train=None):
    """Over 50 % of a layer dead: active on less than 1 % of the rows.

    values: dead_fraction, the largest of any layer. Seeds count as independent, see
    `vanishing_gradient`: splits made up less than 2 % of the variance. Source: Lu,
    Shin, Su & Karniadakis (2020), Dying ReLU and initialization; thresholds of
    SageMaker Debugger's DeadRelu.
    """
    return any_of(
        component(
            "dead units of the worst layer",
            100.0 * measured(values, "dead_fraction"),
            ">",
            50.0,
            "%",
        )
    )
