"""Noise on the inputs. Bishop (1995)."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="input_noise",
        family="regularisation",
        apply=partial(replace, input_noise=0.3),
        label="Random noise on the inputs",
        claim="An example that looks different every time cannot be memorised.",
        strength="standard deviation 0.3",
        treats=("overfitting", "overfitting.label_noise"),
    ),
)
