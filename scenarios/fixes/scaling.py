"""Inputs on one scale. LeCun et al. (1998), section 4.3."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

_RATES = Doses("learning rate", (0.2, 0.5, 1.0, 2.0, 5.0), 1.0, least=0)


def _scaled(trial, rate, transform, optimizer="gradient_descent", hyper=()):
    scaled = trial.adding(transforms=(transform, 0))
    return replace(scaled, lr=rate, optimizer=optimizer, hyper=hyper)


FIXES = (
    Fix(
        name="standardise",
        family="numerics",
        apply=partial(_scaled, transform="standardise"),
        label="Standardised inputs",
        claim="With all inputs on one scale, one learning rate suits every weight.",
        strength="standardised, learning rate {dose}",
        treats=("slow_training",),
        doses=_RATES,
    ),
    Fix(
        name="whiten",
        family="numerics",
        apply=partial(_scaled, transform="whitened"),
        label="Whitened inputs",
        claim="Inputs that are uncorrelated too leave no valley to zigzag in.",
        strength="whitened, learning rate {dose}",
        treats=("slow_training",),
        doses=_RATES,
    ),
    Fix(
        name="standardise_momentum",
        family="numerics",
        apply=partial(
            _scaled,
            transform="standardise",
            optimizer="momentum",
            hyper=(("momentum", 0.9),),
        ),
        label="Standardised inputs and momentum of 0.9",
        claim="On one scale for all inputs, momentum can use long steps.",
        strength="standardised, momentum 0.9, learning rate {dose}",
        treats=("slow_training",),
        doses=_RATES,
    ),
)
