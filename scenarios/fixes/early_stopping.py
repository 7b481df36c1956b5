"""Early stopping. Prechelt (1998)."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="early_stopping",
        family="regularisation",
        apply=partial(replace, patience=5),
        label="Early stopping",
        claim="Keep the weights from before the validation loss began to rise.",
        strength="patience of 5 epochs",
        treats=("overfitting", "overfitting.label_noise"),
    ),
)
