"""Layers that know which pixels are neighbours, and what is tried in their place.

LeCun et al. (1989, 1998).
"""

from dataclasses import replace
from functools import partial

from ..scenario import Fix
from ..trial import layer
from ..wrong_architecture import convolutional


def _convolution(outputs):
    return layer("Conv2D", outputs=outputs, kernel=3, padding="same", activation="relu")


_POOL = layer("MaxPool2D", size=2)


def _images(trial, layers):
    return replace(trial, hidden=(), shape=(8, 8, 1), layers=layers)


def _more(trial, times):
    data = replace(trial.data, rows=times * trial.data.rows)
    return replace(trial, data=data, epochs=trial.epochs // times)


_MOVED = "wrong_architecture"
_ALL = (_MOVED, f"{_MOVED}.permuted")

FIXES = (
    Fix(
        name="convolutions",
        family="architecture",
        apply=convolutional,
        label="Two convolutions with pooling",
        claim="What is learnt at one place holds at all others.",
        strength="convolutions of 16 and 32 channels, 3 x 3, on 8 x 8 pixels",
        treats=(_MOVED,),
    ),
    Fix(
        name="one_convolution",
        family="architecture",
        apply=partial(_images, layers=(_convolution(16), _POOL, layer("Flatten"))),
        label="One convolution with pooling",
        claim="What is learnt at one place holds at all others.",
        strength="convolution of 16 channels, 3 x 3, on 8 x 8 pixels",
        treats=_ALL,
    ),
    Fix(
        name="wider",
        family="capacity",
        apply=partial(replace, hidden=(128, 128)),
        label="128 units a layer instead of 64",
        claim="More units have room for more features.",
        strength="2 times as many units",
        treats=_ALL,
    ),
    Fix(
        name="dropout",
        family="regularisation",
        apply=partial(replace, dropout=0.3),
        label="Dropout",
        claim="Units switched off at random cannot memorise one example together.",
        strength="rate 0.3",
        treats=_ALL,
    ),
    Fix(
        name="more_data_x3",
        family="more data",
        apply=partial(_more, times=3),
        label="3 times the data, as many steps",
        claim="More images show each digit in more places.",
        strength="3 times the rows",
        treats=_ALL,
    ),
)
