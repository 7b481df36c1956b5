"""A learning rate that changes during training."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="schedule",
        family="optimization",
        apply=partial(replace, schedule="cosine", warmup=50, lr=0.5),
        label="Warm-up of 50 steps, then cosine decay from 0.5",
        claim="Small steps at first, then large ones, then small ones again.",
        strength="learning rate 0.5, warm-up of 50 steps, cosine",
        treats=("slow_training",),
    ),
)
