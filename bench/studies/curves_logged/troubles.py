"""What is said of each trouble, and what must be logged to judge the others."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...statistics.detectors import READS
from ...statistics.logged import RULES, LoggedCurves


@dataclass(frozen=True)
class TroubleWords:
    """title: its name; found: what it means; next_step: what to do about it."""

    title: str
    found: str
    next_step: str


TROUBLES = {
    "divergence": TroubleWords(
        "Divergence",
        "The loss ran away, or came back up and stayed there.",
        "Lower the learning rate by a factor of 3 to 10, warm it up, or clip the"
        " gradient; look for values that are not finite in the data."
        " `gradclinic run divergence` measures these.",
    ),
    "oscillation": TroubleWords(
        "Oscillation: too large a learning rate",
        "The loss jumps up and down from one evaluation to the next.",
        "Lower the learning rate by a factor of 3, or let it decay; larger batches"
        " help where the gradient’s noise is the cause.",
    ),
    "overfitting": TroubleWords(
        "Overfitting",
        "The network is far better on the rows it was trained on than on new ones.",
        "Stop where the validation loss is lowest; then try more data, weight decay,"
        " dropout or a smaller network. `gradclinic run overfitting` measures these.",
    ),
    "underfitting": TroubleWords(
        "Underfitting",
        "The training loss stays high and flat, and new rows fare no worse: the"
        " network is too small, or the targets hold no more than this.",
        "Train a network of twice the width: if its training loss is no lower, the"
        " data sets the limit. A loss of guessing (0.693 for two classes, 2.30 for ten)"
        " is a sign of dead units or of a learning rate that is far too large."
        " `gradclinic run underfitting` measures more.",
    ),
    "slow_training": TroubleWords(
        "Slow training",
        "The loss still falls when the training ends.",
        "Train longer, or raise the learning rate by a factor of 3; bring all inputs"
        " to one scale. `gradclinic run slow_training` measures these.",
    ),
}
_GRADIENTS = (
    "the root mean square of the gradient of the first layer and of the last, at each"
    " evaluation"
)
# Detectors that curves alone cannot feed, and what would.
_NEEDS = {
    "vanishing_gradient": _GRADIENTS,
    "exploding_gradient": _GRADIENTS,
    "dead_relu": "the share of units of each layer that are active on less than 1 %"
    " of the rows",
    "ill_conditioning": "the inputs themselves, or the eigenvalues of their covariance",
    "class_imbalance": "balanced accuracy and the recall of each class on validation"
    " rows, beside accuracy",
    "covariate_shift": "the training inputs and those of use, and the accuracy on both",
    "memory_pressure": "the peak memory of the training, and how much there is",
    "poor_interpretability": "the predictions and feature importances of networks of"
    " several seeds",
}
_TITLES = {"dead_relu": "Dead ReLU", "ill_conditioning": "Ill-conditioned inputs"}
_VALIDATION = "the loss on validation rows, at least once an epoch"
_NEED_VALIDATION = ("overfitting", "underfitting")


def needs(curves: LoggedCurves) -> Iterator[dict[str, str]]:
    """What cannot be judged, and what to log for it: {trouble, title, log}."""
    if curves.of("val_loss") is None:
        for name in _NEED_VALIDATION:
            yield _need(name, _VALIDATION)
    for name, reads in READS.items():
        if name not in RULES:
            yield _need(name, _NEEDS.get(name, ", ".join(reads)))


def _need(name: str, log: str) -> dict[str, str]:
    known = TROUBLES.get(name)
    title = known.title if known else _TITLES.get(name, _worded(name))
    return {"trouble": name, "title": title, "log": log}


def _worded(name: str) -> str:
    return name.replace("_", " ").capitalize()
