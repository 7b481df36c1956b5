"""Dropout. Srivastava et al. (2014)."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="dropout",
        family="regularisation",
        apply=partial(replace, dropout=0.5),
        label="Dropout of 50 %",
        claim="Units switched off at random cannot memorise one example together.",
        strength="rate 0.5",
        treats=("overfitting", "overfitting.label_noise"),
    ),
)
