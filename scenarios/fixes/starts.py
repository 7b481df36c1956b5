"""Weights that start in proportion to their layer, or are put right on the way.

Glorot & Bengio (2010), He et al. (2015), LeCun et al. (1998), Saxe et al. (2014).
"""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

_BOTH = ("bad_initialisation", "bad_initialisation.zeros")


def _start(name, initialiser, label, claim, treats=_BOTH):
    return Fix(
        name=name,
        family="initialisation",
        apply=partial(replace, initialiser=initialiser),
        label=label,
        claim=claim,
        strength=" ".join(initialiser.split("_")),
        treats=treats,
    )


FIXES = (
    _start(
        "glorot_start",
        "glorot_uniform",
        "Glorot's start",
        "It keeps the size of what passes, forward and back.",
    ),
    _start(
        "he_start",
        "he_normal",
        "He's start",
        "Twice the variance makes up for units that pass only half; tanh passes all.",
    ),
    _start(
        "lecun_start",
        "lecun_normal",
        "LeCun's start",
        "It keeps the size of what passes forward.",
        treats=_BOTH[:1],
    ),
    _start(
        "orthogonal_start",
        "orthogonal",
        "Orthogonal start",
        "An orthogonal matrix keeps the length of what it is applied to.",
    ),
    _start(
        "unit_start",
        "unit_normal",
        "Weights with a standard deviation of 1",
        "Larger weights pass on more.",
        treats=_BOTH[:1],
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.003, hyper=()),
        label="Adam, learning rate 0.003",
        claim="Every weight gets a step of its own size, however small its gradient.",
        strength="Adam, learning rate 0.003, without momentum",
        treats=_BOTH,
    ),
)
