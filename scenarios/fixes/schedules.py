"""A learning rate that changes during training."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _warmed(trial, rate):
    return replace(trial, schedule="cosine", warmup=50, lr=rate)


FIXES = (
    Fix(
        name="schedule",
        family="optimization",
        apply=_warmed,
        label="Warm-up of 50 steps, then cosine decay",
        claim="Small steps at first, then large ones, then small ones again.",
        strength="learning rate {dose}, warm-up of 50 steps, cosine",
        treats=("slow_training",),
        doses=Doses("learning rate", (0.1, 0.2, 0.5, 1.0, 2.0), 0.5),
    ),
)
