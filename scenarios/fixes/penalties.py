"""Penalties on the weights: hold them back, or let them go."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="l2",
        family="regularisation",
        apply=partial(replace, l2=0.01),
        label="L2 penalty (weight decay)",
        claim="Small weights make a smooth function that cannot bend for one example.",
        treats=("overfitting",),
    ),
    Fix(
        name="l1",
        family="regularisation",
        apply=partial(replace, l1=0.002),
        label="L1 penalty (sparse weights)",
        claim="Most weights go to zero, so fewer remain to learn examples by heart.",
        treats=("overfitting",),
    ),
    Fix(
        name="less_regularisation",
        family="regularisation",
        apply=partial(replace, l2=0.0),
        label="No L2 penalty",
        claim="A penalty holds the weights back from what the data ask for.",
        treats=("underfitting",),
    ),
)
