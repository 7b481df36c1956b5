"""Ways to keep rectifiers active. Maas et al. (2013), Clevert et al. (2016)."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _standardised(trial):
    return trial.adding(transforms=("standardise", 0))


def _fix(name, family, apply, label, claim, strength):
    return Fix(name, family, apply, label, claim, ("dead_relu",), strength)


FIXES = (
    _fix(
        "leaky_relu",
        "architecture",
        partial(replace, activation="leaky_relu"),
        "Leaky ReLU",
        "A small slope below zero lets a unit come back.",
        "activation leaky ReLU",
    ),
    _fix(
        "elu",
        "architecture",
        partial(replace, activation="elu"),
        "ELU",
        "A slope below zero lets a unit come back.",
        "activation ELU",
    ),
    _fix(
        "standardise",
        "numerics",
        _standardised,
        "Standardised inputs",
        "Inputs on both sides of zero push no unit in one direction.",
        "standardised",
    ),
    _fix(
        "smaller_learning_rate",
        "optimization",
        partial(replace, lr=0.005),
        "Learning rate 0.005, a tenth",
        "Short steps do not push a unit out of reach.",
        "learning rate 0.005",
    ),
    _fix(
        "warm_up",
        "optimization",
        partial(replace, warmup=64),
        "Warm-up of 64 steps",
        "The first gradients are the largest, so the first steps are the shortest.",
        "64 steps",
    ),
)
