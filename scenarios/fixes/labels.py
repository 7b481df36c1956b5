"""Softer labels: spread over all classes, or mixed with those of other rows."""

from dataclasses import replace

from ..data.augmentation import copies
from ..doses import Doses
from ..scenario import Fix

_BOTH = ("overfitting", "overfitting.label_noise")


def _augmented(trial, name, strength):
    """Changed copies of the rows, in as many steps."""
    epochs = max(1, trial.epochs // copies(((name, strength),)))
    augmented = trial.adding(augment=(name, strength))
    return replace(augmented, loss="soft_cross_entropy", epochs=epochs)


def _smoothed(trial, share):
    return _augmented(trial, "label_smoothing", share)


def _mixed(trial, alpha):
    return _augmented(trial, "mixup", alpha)


FIXES = (
    Fix(
        name="label_smoothing",
        family="regularisation",
        apply=_smoothed,
        label="Label smoothing",
        claim="Nothing is learnt to certainty, a wrong label least of all.",
        strength="share {dose}",
        treats=_BOTH,
        doses=Doses("share", (0.02, 0.05, 0.1, 0.2, 0.3, 0.5), 0.1, least=0, most=0.95),
    ),
    Fix(
        name="mixup",
        family="regularisation",
        apply=_mixed,
        label="Mixup (blends of two rows and their labels)",
        claim="Between two examples the answer should lie between theirs.",
        strength="8 blends of each row, alpha {dose}",
        treats=_BOTH,
        doses=Doses("alpha", (0.1, 0.2, 0.4, 1.0, 2.0, 4.0), 0.2, least=0),
    ),
)
