"""Larger, smaller, deeper, more curved, trained for longer."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix
from ..trial import layer

_SMALL = ("underfitting", "underfitting.digits")
_LARGE = ("overfitting", "overfitting.label_noise")


def _units(trial, units):
    return replace(trial, hidden=(units,))


def _wider(trial, times):
    return replace(trial, hidden=tuple(times * width for width in trial.widths))


def _deeper(trial, layers):
    return replace(trial, hidden=trial.widths * layers)


def _residual(trial, blocks):
    """Blocks of two layers around which the input passes, at the same width."""
    width, *others = trial.widths
    if others:
        raise ValueError("blocks are built of one hidden layer")
    first = layer("Dense", outputs=width, activation=trial.activation)
    block = layer("Residual", first, layer("Dense", outputs=width))
    return replace(trial, hidden=(), layers=(first, *(block,) * blocks))


def _longer(trial, times):
    return replace(trial, epochs=times * trial.epochs)


FIXES = (
    Fix(
        name="smaller_network",
        family="capacity",
        apply=_units,
        label="Fewer hidden units than 256",
        claim="A small network has no room to store single examples.",
        strength="{dose} hidden units",
        treats=_LARGE,
        doses=Doses("hidden units", (4, 8, 16, 32, 64, 128), 32, least=2, most=255),
    ),
    Fix(
        name="wider",
        family="capacity",
        apply=_wider,
        label="More hidden units",
        claim="More units draw more boundaries.",
        strength="{dose} times as many units",
        treats=_SMALL,
        doses=Doses("times the units", (2, 4, 8, 16, 32), 8, least=2, most=64),
    ),
    Fix(
        name="deeper",
        family="capacity",
        apply=_deeper,
        label="More hidden layers of the same width",
        claim="Layers combine the features of the layers below.",
        strength="{dose} hidden layers",
        treats=_SMALL,
        doses=Doses("hidden layers", (2, 3, 4, 5, 6), 2, "linear", least=2, most=8),
    ),
    Fix(
        name="residual",
        family="capacity",
        apply=_residual,
        label="Residual blocks of the same width",
        claim="Each block adds to what it is given, so more of them cannot hurt.",
        strength="{dose} residual blocks",
        treats=_SMALL,
        doses=Doses("blocks", (1, 2, 3, 4, 5), 2, "linear", least=1, most=8),
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
        apply=_longer,
        label="More epochs",
        claim="A network stopped early has not yet learnt what it could.",
        strength="{dose} times the epochs",
        treats=(*_SMALL, "overfitting.label_noise"),
        doses=Doses("times the epochs", (2, 3, 4, 6, 8), 4, least=2, most=8),
    ),
)
