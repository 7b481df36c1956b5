"""Dropout. Srivastava et al. (2014)."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="dropout",
        family="regularisation",
        apply=partial(replace, dropout=0.8),
        label="Dropout of 80 %",
        claim="Units switched off at random cannot conspire to store one example.",
        treats=("overfitting",),
    ),
)
