"""Inputs of such different scales that no single step size suits all of them."""

from dataclasses import replace
from functools import partial
from math import log

from .doses import rates
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_METRIC = Metric(
    "evaluations_to_target",
    "passes over the data to target",
    "",
    "log",
    "lower",
    rows="validation",
    censored=True,
)
_LOOK = (
    "The loss falls fast at first, then crawls for very long, and any larger learning"
    " rate diverges."
)
_REFERENCES = (
    "LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, Neural Networks: Tricks"
    " of the Trade",
    "Polyak (1964), Some methods of speeding up the convergence of iteration methods,"
    " USSR Computational Mathematics and Mathematical Physics 4",
    "Ioffe & Szegedy (2015), Batch normalization: accelerating deep network training"
    " by reducing internal covariate shift, ICML",
    "Nocedal & Wright (2006), Numerical optimization, section 3.3",
)


def _spectrum(kappa, rotated):
    """512 rows of a regression whose covariance has the condition number kappa."""
    options = (("kappa", kappa), ("n_samples", 1280), ("rotated", rotated))
    data = Dataset("spectrum", rows=512, validation=512, test=256, options=options)
    return Trial(
        data,
        hidden=(),
        loss="mse",
        optimizer="gradient_descent",
        lr=0.6,
        batch_size=None,
        epochs=1500,
        target=0.35,
    )


def _even(trial, kappa, rate):
    """The same regression with other eigenvalues."""
    options = [pair for pair in trial.data.options if pair[0] != "kappa"]
    options = tuple(sorted([*options, ("kappa", kappa)]))
    return replace(trial, data=replace(trial.data, options=options), lr=rate)


def _scaled(trial, rate):
    return replace(trial.adding(transforms=("min_max", 0)), lr=rate)


_EVEN = Fix(
    name="even",
    family="control",
    apply=partial(_even, kappa=10.0, rate=0.6),
    label="Directions that vary alike: the largest variance ten times the smallest",
    claim="It removes the cause.",
    strength="condition number (kappa) 10",
)


def _question(baseline, positive, penalty, **declared):
    """What the questions share: the rule, the yardstick and two of the controls."""
    return Scenario(
        baseline=baseline,
        symptom=Symptom(
            "ill_conditioning",
            "The condition number of the training inputs' covariance is above 10,000,"
            " or its largest eigenvalue is over 100 times their mean.",
            _LOOK,
        ),
        controls=Controls(
            placebo=PLACEBO,
            wrong_mechanism=Fix(
                name="weight_decay",
                family="control",
                apply=partial(replace, l2=penalty),
                label="L2 penalty (weight decay)",
                claim="It fights overfitting; the inputs stay as they are.",
                strength=f"penalty {penalty:g}",
            ),
            positive=positive,
        ),
        metric=_METRIC,
        delta=log(1.10),
        rates=rates(baseline.lr),
        references=_REFERENCES,
        **declared,
    )


_CORRELATED = _question(
    _spectrum(1e5, rotated=True),
    _EVEN,
    1e-3,
    name="ill_conditioning.correlated",
    title="Ill-conditioning by correlation",
    summary="The inputs are correlated: along some directions the rows hardly vary, and"
    " nothing is learnt there for long.",
    seeds=(9, 14),
)

_TUMOURS = _question(
    Trial(
        Dataset("breast_cancer", rows=300, validation=150, test=119),
        hidden=(),
        optimizer="gradient_descent",
        lr=6e-6,
        initialiser="zeros",
        batch_size=None,
        epochs=2500,
        target=0.25,
    ),
    Fix(
        name="min_max",
        family="control",
        apply=partial(_scaled, rate=2.0),
        label="All inputs from 0 to 1, learning rate 2",
        claim="It removes the cause, the units, and allows the steps that follow.",
        strength="min max, learning rate 2",
    ),
    1e-3,
    name="ill_conditioning.tumours",
    title="Ill-conditioning of real measurements",
    summary="Areas of tumours in the thousands stand beside smoothness in hundredths:"
    " one step size cannot suit both.",
    seeds=(9, 14),
)

SCENARIO = _question(
    _spectrum(1e5, rotated=False),
    _EVEN,
    1e-3,
    name="ill_conditioning",
    title="Ill-conditioning",
    summary="The inputs have such different scales that a step which suits the largest"
    " moves the weights of the smallest hardly at all.",
    seeds=(9, 14),
    parts=(_CORRELATED, _TUMOURS),
)
