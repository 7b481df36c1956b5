"""A learning rate that changes during training."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="schedule",
        family="optimization",
        apply=partial(replace, schedule="cosine"),
        label="Cosine learning-rate schedule",
        claim="Large steps first, small ones at the end.",
        treats=("slow_training",),
    ),
)
