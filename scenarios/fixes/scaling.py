"""Inputs on one scale. LeCun et al. (1998), section 4.3."""

from dataclasses import replace

from ..scenario import Fix


def _standardised(trial):
    transforms = (*trial.data.transforms, ("standardise", 0))
    return replace(trial, lr=1.0, data=replace(trial.data, transforms=transforms))


def _with_momentum(trial):
    return replace(
        _standardised(trial), optimizer="momentum", hyper=(("momentum", 0.9),)
    )


FIXES = (
    Fix(
        name="standardise",
        family="numerics",
        apply=_standardised,
        label="Standardised inputs, learning rate 1",
        claim="With all inputs on one scale, one learning rate suits every weight.",
        strength="standardised, learning rate 1",
        treats=("slow_training",),
    ),
    Fix(
        name="standardise_momentum",
        family="numerics",
        apply=_with_momentum,
        label="Standardised inputs, learning rate 1, momentum of 0.9",
        claim="On one scale for all inputs, momentum can use long steps.",
        strength="standardised, learning rate 1, momentum 0.9",
        treats=("slow_training",),
    ),
)
