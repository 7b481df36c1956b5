"""What guessing loses on the validation rows, and how much of that came back."""

from dataclasses import replace

import numpy as np

from ...statistics import Detection
from ...statistics.detectors.detection import component, measured
from .folds import Fold

# In per cent of what guessing loses: the gap of losses that the detector asks for too.
MATERIAL = 10.0


def guessing_loss(fold: Fold) -> float:
    """Loss on validation rows of what learns the training targets alone.

    Classes: the cross-entropy of the training rows' shares (nats; a class that is not
    among them counts as half a row). Values: the mean squared error of their mean, on
    the scale on which they are learnt.
    """
    train, validation = (np.asarray(part) for part in fold.data.y[:2])
    if not fold.classes:
        return float(np.mean(((validation - fold.data.centre) / fold.data.spread) ** 2))
    counts = np.bincount(train.astype(int), minlength=fold.classes)
    shares = np.maximum(counts, 0.5) / max(counts.sum(), 1)
    return float(np.mean(-np.log(shares[validation.astype(int)])))


def material(found: Detection, values: dict, overlap: float | None) -> Detection:
    """Overfitting as the detector sees it, unless its rise is small beside guessing.

    A relative rise says little where the loss is near zero: a network that is right on
    98 of 100 rows and ever surer of the two others doubles its loss, and is as right
    as before. So a rise of the validation loss counts where it is above `MATERIAL` per
    cent of what guessing loses; an accuracy gap counts by itself. values: `val_loss`,
    `best_val_loss`, `guessing_loss`, float[runs].
    Source: Guo et al. (2017), On calibration of modern neural networks, section 3: a
    loss may rise while the error falls. Prechelt (1998), Early stopping - but when?,
    normalises by the lowest loss alone.
    """
    val, best, guess = (
        measured(values, name)
        for name in ("val_loss", "best_val_loss", "guessing_loss")
    )
    if not (val.size and best.size and guess.size):
        return found
    gap, rise, *accuracy = found.components
    with np.errstate(all="ignore"):
        lost = 100.0 * (val - best) / guess
    share = component(
        "rise of the validation loss, of what guessing loses",
        lost,
        ">",
        MATERIAL,
        "%",
        test_over_train=overlap,
    )
    rises = rise.fires and share.fires
    fires = gap.fires and (rises or any(sign.fires for sign in accuracy))
    calm = rise.refuted or share.refuted
    refuted = gap.refuted or (calm and all(sign.refuted for sign in accuracy))
    return replace(
        found,
        fires=fires,
        refuted=refuted,
        components=(gap, rise, share, *accuracy),
    )
