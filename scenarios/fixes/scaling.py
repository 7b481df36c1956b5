"""Inputs on one scale. LeCun et al. (1998), section 4.3."""

from dataclasses import replace

from ..scenario import Fix


def _standardised(trial):
    transforms = (*trial.data.transforms, ("standardise", 0))
    return replace(trial, lr=1.0, data=replace(trial.data, transforms=transforms))


FIXES = (
    Fix(
        name="standardise",
        family="numerics",
        apply=_standardised,
        label="Standardised inputs, learning rate 1",
        claim="With all inputs on one scale, one learning rate suits every weight.",
        treats=("slow_training",),
    ),
)
