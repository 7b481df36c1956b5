"""Layers that put what they are given on one scale while the network learns.

Ioffe & Szegedy (2015), Ba, Kiros & Hinton (2016).
"""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix
from ..trial import layer

_RATES = Doses("learning rate", (0.1, 0.2, 0.5, 1.0, 2.0), 0.5, least=0)


def _normalised(trial, rate, kind):
    """The kind on the inputs, and before the activation of each hidden layer."""
    activation = layer("Activation", activation=trial.activation)
    hidden = [
        part
        for width in trial.widths
        for part in (layer("Dense", outputs=width), layer(kind), activation)
    ]
    return replace(trial, lr=rate, hidden=(), layers=(layer(kind), *hidden))


FIXES = (
    Fix(
        name="batch_norm",
        family="architecture",
        apply=partial(_normalised, kind="BatchNorm"),
        label="Batch normalisation of inputs and units",
        claim="Each input is scaled by its own spread over the rows.",
        strength="batch normalisation, learning rate {dose}",
        treats=("slow_training",),
        doses=_RATES,
    ),
    Fix(
        name="layer_norm",
        family="architecture",
        apply=partial(_normalised, kind="LayerNorm"),
        label="Layer normalisation of inputs and units",
        claim="Each row is scaled by its own spread over the inputs.",
        strength="layer normalisation, learning rate {dose}",
        treats=("slow_training",),
        doses=_RATES,
    ),
)
