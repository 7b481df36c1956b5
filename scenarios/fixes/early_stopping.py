"""Early stopping. Prechelt (1998)."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _stopped(trial, epochs):
    return replace(trial, patience=epochs)


FIXES = (
    Fix(
        name="early_stopping",
        family="regularisation",
        apply=_stopped,
        label="Early stopping",
        claim="Keep the weights from before the validation loss began to rise.",
        strength="patience of {dose} epochs",
        treats=("overfitting", "overfitting.label_noise"),
        doses=Doses("epochs of patience", (1, 2, 3, 5, 8, 12, 20), 5, least=1),
    ),
)
