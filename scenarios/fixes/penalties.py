"""Penalties on the weights: hold them back, or let them go."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="l2",
        family="regularisation",
        apply=partial(replace, l2=0.001),
        label="L2 penalty (weight decay)",
        claim="Small weights make a smooth function that cannot bend for one example.",
        strength="penalty 0.001",
        treats=("overfitting", "overfitting.label_noise"),
    ),
    Fix(
        name="l1",
        family="regularisation",
        apply=partial(replace, l1=0.0003),
        label="L1 penalty (sparse weights)",
        claim="Most weights go to zero, so fewer remain to memorise examples.",
        strength="penalty 0.0003",
        treats=("overfitting",),
    ),
    Fix(
        name="less_regularisation",
        family="regularisation",
        apply=partial(replace, l2=0.0),
        label="No L2 penalty",
        claim="A penalty holds the weights back from what the data ask for.",
        strength="penalty 0",
        treats=("underfitting",),
    ),
)
