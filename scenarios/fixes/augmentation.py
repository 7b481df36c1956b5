"""More rows made of the same ones, in as many steps."""

from dataclasses import replace

from ..data.augmentation import COPIES
from ..doses import Doses
from ..scenario import Fix

_BOTH = ("overfitting", "overfitting.label_noise")


def _copied(trial, name, strength):
    copied = trial.adding(augment=(name, strength))
    return replace(copied, epochs=max(1, trial.epochs // COPIES))


def _shifted(trial, pixels):
    return _copied(trial, "shifts", pixels)


def jittered(trial, deviation):
    """Copies with normal noise of this deviation, in as many steps."""
    return _copied(trial, "jitter", deviation)


FIXES = (
    Fix(
        name="shifted_copies",
        family="augmentation",
        apply=_shifted,
        label="Copies of each image, moved at random",
        claim="A moved digit is the same digit, so each image stands for many.",
        strength="8 copies, up to {dose} pixels",
        treats=_BOTH,
        doses=Doses("pixels", (0.25, 0.5, 1.0, 1.5, 2.0), 1.0, least=0),
    ),
    Fix(
        name="noisy_copies",
        family="augmentation",
        apply=jittered,
        label="Copies of each row, with noise",
        claim="Copies that differ a little cannot be memorised as one example.",
        strength="8 copies, standard deviation {dose}",
        treats=_BOTH,
        doses=Doses(
            "standard deviation", (0.05, 0.1, 0.2, 0.3, 0.5, 0.8), 0.1, least=0
        ),
    ),
)
