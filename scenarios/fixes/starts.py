"""Weights that start in proportion to their layer, or are put right on the way.

Glorot & Bengio (2010), He et al. (2015), LeCun et al. (1998), Saxe et al. (2014).
"""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

_SLOW = "slow_training"
_BOTH = ("bad_initialisation", "bad_initialisation.zeros")
_PEOPLE: dict[str, str] = {"glorot": "Glorot", "he": "He", "lecun": "LeCun"}


def _start(name: str, initialiser: str, label: str, claim: str, treats=_BOTH):
    return Fix(
        name=name,
        family="initialisation",
        apply=partial(replace, initialiser=initialiser),
        label=label,
        claim=claim,
        strength=" ".join(_PEOPLE.get(w, w) for w in initialiser.split("_")),
        treats=treats,
    )


def _gained(trial, gain):
    return replace(trial, gain=gain)


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
        treats=(*_BOTH, _SLOW),
    ),
    _start(
        "lecun_start",
        "lecun_normal",
        "LeCun's start",
        "It keeps the size of what passes forward.",
        treats=(*_BOTH[:1], _SLOW),
    ),
    _start(
        "orthogonal_start",
        "orthogonal",
        "Orthogonal start",
        "An orthogonal matrix keeps the length of what it is applied to.",
        treats=(*_BOTH, _SLOW),
    ),
    _start(
        "unit_start",
        "unit_normal",
        "Weights with a standard deviation of 1",
        "Larger weights pass on more.",
        treats=_BOTH[:1],
    ),
    Fix(
        name="start_gain",
        family="initialisation",
        apply=_gained,
        label="Glorot's start times a gain",
        claim="A gain makes up for what an activation takes away; 5/3 is that of tanh.",
        strength="gain {dose}",
        treats=(_SLOW,),
        doses=Doses("gain", (0.1, 0.25, 0.5, 1.67, 3.0), 1.67, least=0),
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
