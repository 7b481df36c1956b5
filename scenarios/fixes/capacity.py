"""Larger, smaller, deeper, more curved, trained for longer."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _wider(trial, times):
    return replace(trial, hidden=tuple(times * width for width in trial.hidden))


def _deeper(trial, layers):
    return replace(trial, hidden=trial.hidden * layers)


def _longer(trial, times):
    return replace(trial, epochs=times * trial.epochs)


_SMALL = ("underfitting", "underfitting.digits")

FIXES = (
    Fix(
        name="smaller_network",
        family="capacity",
        apply=partial(replace, hidden=(32,)),
        label="32 hidden units instead of 256",
        claim="A small network has no room to store single examples.",
        strength="32 hidden units",
        treats=("overfitting",),
    ),
    Fix(
        name="wider",
        family="capacity",
        apply=partial(_wider, times=8),
        label="8 times as many hidden units",
        claim="More units draw more boundaries.",
        strength="8 times as many units",
        treats=_SMALL,
    ),
    Fix(
        name="deeper",
        family="capacity",
        apply=partial(_deeper, layers=2),
        label="A second hidden layer",
        claim="Layers combine the features of the layers below.",
        strength="2 hidden layers",
        treats=_SMALL,
    ),
    Fix(
        name="nonlinear",
        family="capacity",
        apply=partial(replace, activation="relu"),
        label="ReLU instead of softplus",
        claim="A unit that hardly bends adds hardly more than a straight line.",
        strength="activation ReLU",
        treats=("underfitting",),
    ),
    Fix(
        name="train_longer",
        family="optimization",
        apply=partial(_longer, times=4),
        label="Four times as many epochs",
        claim="A network stopped early has not yet learnt what it could.",
        strength="4 times the epochs",
        treats=_SMALL,
    ),
)
