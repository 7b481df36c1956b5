"""A textbook linear regression whose steps are too long for a summed gradient."""

from dataclasses import replace
from functools import partial
from math import log

from .deep_divergence import DEEP
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

# Row for row the textbook's `make_regression(random_state=42)` and its 80/20
# `train_test_split` for seed 0; the fifth left out serves as validation and test.
_DATA = Dataset(
    "regression",
    rows=800,
    validation=100,
    test=100,
    options=(
        ("n_features", 1),
        ("n_samples", 1000),
        ("noise", 0.1),
        ("random_state", 42),
    ),
)

# Log-spaced through the threshold: 2/lambda_max is 0.00105 to 0.00125 for these data.
_RATES = tuple(float(f"{1e-3 * 1.025**k:.3g}") for k in range(12))


def _rate(lr):
    return Fix(
        name=f"lr_{lr:g}",
        family="optimization",
        apply=partial(replace, lr=lr, epochs=300),
        label=f"Learning rate {lr:g}",
        claim="Measures where gradient descent stops being stable.",
        strength=f"learning rate {lr:g}, 300 epochs",
    )


def _textbook_right(trial):
    data = replace(trial.data, transforms=(("standardise", 0),))
    return replace(trial, data=data, reduction="mean", lr=0.1)


SCENARIO = Scenario(
    name="divergence",
    title="Divergence",
    summary="Every step overshoots by more than the last, until the loss is no longer a"
    " number.",
    baseline=Trial(
        _DATA,
        hidden=(),
        loss="mse",
        optimizer="gradient_descent",
        lr=0.01,
        batch_size=None,
        epochs=1000,
        reduction="sum",
    ),
    symptom=Symptom(
        "divergence",
        "The loss is NaN, infinite or over 10 times its first value; for least squares,"
        " the learning rate is above 2 / lambda_max of the Hessian.",
        "The loss grows from step to step, by the same factor each time, until it"
        " overflows.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="train_longer",
            family="control",
            apply=partial(replace, epochs=2000),
            label="Twice as many epochs",
            claim="More overshooting steps cannot help.",
            strength="2 times the epochs",
        ),
        positive=Fix(
            name="standardised_mean",
            family="control",
            apply=_textbook_right,
            label="Standardised inputs, mean gradient, learning rate 0.1",
            claim="Known to converge: the largest curvature is then 2.",
            strength="standardised, mean gradient, learning rate 0.1",
        ),
    ),
    metric=Metric("test_loss", "test loss", "squared error", "log", "lower"),
    delta=-log(0.95),
    sweep=tuple(_rate(lr) for lr in _RATES),
    references=(
        "Cauchy (1847), Méthode générale pour la résolution des systèmes d'équations"
        " simultanées",
        "LeCun, Simard & Pearlmutter (1993), Automatic learning rate maximization by"
        " on-line estimation of the Hessian's eigenvectors, NIPS 5",
        "Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent"
        " neural networks, ICML (clipping)",
        "Kingma & Ba (2015), Adam: a method for stochastic optimization, ICLR",
    ),
    parts=(DEEP,),
)
