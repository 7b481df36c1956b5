"""Ill-conditioned inputs: even them out, or take steps that need no even inputs."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix
from ..trial import layer
from .optimizers import lbfgs

_ALL = ("ill_conditioning", "ill_conditioning.correlated", "ill_conditioning.tumours")
_RATES = Doses("learning rate", (0.05, 0.1, 0.2, 0.4, 0.8), 0.1, least=0)


def _then(trial, rate, transform):
    return replace(trial.adding(transforms=(transform, 0)), lr=rate)


def _normalised(trial, rate):
    """Batch normalisation of the inputs, before the one dense layer."""
    return replace(trial, layers=(layer("BatchNorm"),), lr=rate)


def _pushed(trial, times):
    hyper = (("momentum", 0.9),)
    return replace(trial, optimizer="momentum", hyper=hyper, lr=times * trial.lr)


def _adam(trial, rate):
    return replace(trial, optimizer="adam", lr=rate, hyper=())


def _faster(trial, times):
    return replace(trial, lr=times * trial.lr)


FIXES = (
    Fix(
        name="standardise",
        family="numerics",
        apply=partial(_then, transform="standardise"),
        label="Standardised inputs",
        claim="With all inputs on one scale, one learning rate suits every weight.",
        strength="standardised, learning rate {dose}",
        treats=_ALL,
        doses=_RATES,
    ),
    Fix(
        name="whiten",
        family="numerics",
        apply=partial(_then, transform="whitened"),
        label="Whitened inputs",
        claim="Uncorrelated inputs of one scale leave no valley to zigzag in.",
        strength="whitened, learning rate {dose}",
        treats=_ALL,
        doses=_RATES,
    ),
    Fix(
        name="batch_norm",
        family="architecture",
        apply=_normalised,
        label="Batch normalisation of the inputs",
        claim="A layer that scales each input by its spread needs no prepared data.",
        strength="batch normalisation, learning rate {dose}",
        treats=_ALL,
        doses=_RATES,
    ),
    Fix(
        name="momentum",
        family="optimization",
        apply=_pushed,
        label="Momentum of 0.9",
        claim="Steps that agree add up along the valley; steps across it cancel out.",
        strength="momentum 0.9, {dose} times the baseline's rate",
        treats=_ALL,
        doses=Doses("times the rate", (0.25, 0.5, 1.0, 1.5, 2.0), 1.5, least=0),
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=_adam,
        label="Adam",
        claim="Every weight gets a step of its own size.",
        strength="Adam, learning rate {dose}",
        treats=_ALL,
        doses=Doses("learning rate", (0.003, 0.01, 0.03, 0.1, 0.3, 1.0), 0.1, least=0),
    ),
    Fix(
        name="lbfgs",
        family="optimization",
        apply=lbfgs,
        label="L-BFGS with a line search",
        claim="Its last steps tell it how steep each direction is.",
        strength="L-BFGS, history size {dose}, learning rate 1 at first trial",
        treats=_ALL,
        doses=Doses("steps remembered", (1, 3, 10, 30, 100), 10, least=1, most=200),
    ),
    Fix(
        name="larger_rate",
        family="optimization",
        apply=_faster,
        label="A larger learning rate",
        claim="Longer steps get there sooner, as long as they do not diverge.",
        strength="{dose} times the baseline's rate",
        treats=_ALL,
        doses=Doses("times the rate", (1.1, 1.5, 2.0, 3.0, 5.0), 2.0, least=1),
    ),
)
