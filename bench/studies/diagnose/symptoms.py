"""What is wrong with how the network trained: every detector that applies."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from ....scenarios import Trial
from ...execution.examination import NUMBERS, examined
from ...statistics import DETECTORS, READS, Detection
from .checks import Finding
from .folds import Fold


@dataclass(frozen=True)
class Sign:
    """How a detector's trouble is told. code: as of checks; weight: as of `Finding`."""

    code: str
    title: str
    weight: int
    next_step: str


SIGNS = {
    "divergence": Sign(
        "GC201",
        "Training diverges",
        50,
        "Lower the learning rate, and scale the inputs and targets.",
    ),
    "dead_relu": Sign(
        "GC204",
        "Units that are never active",
        53,
        "Scale the inputs, lower the learning rate, or take leaky ReLU.",
    ),
    "exploding_gradient": Sign(
        "GC205",
        "The gradient explodes",
        51,
        "Start from He's weights, clip the gradient, or normalise the layers.",
    ),
    "vanishing_gradient": Sign(
        "GC206",
        "The gradient vanishes",
        54,
        "Take ReLU, skips between layers, or fewer layers.",
    ),
    "underfitting": Sign(
        "GC207",
        "The network is too small",
        55,
        "Give it more units, and train it for as long as the loss falls.",
    ),
    "overfitting": Sign(
        "GC208",
        "The network memorises its rows",
        58,
        "Stop early, add a penalty or dropout, or collect rows.",
    ),
    "memory_pressure": Sign(
        "GC209",
        "Training hardly fits into the memory",
        57,
        "Take smaller batches, or accumulate gradients.",
    ),
    "class_imbalance": Sign(
        "GC211",
        "A rare class is missed",
        56,
        "Weigh the classes, move the threshold, or collect more rows of that class.",
    ),
    "ill_conditioning": Sign(
        "GC210",
        "The inputs are ill-conditioned",
        59,
        "Standardise the inputs, or take their principal components.",
    ),
}
# Checks of the table that already told what a detector sees.
_TOLD = {
    "ill_conditioning": {"scales", "conditioning", "outliers"},
    "class_imbalance": {"imbalance"},
}
# Shown with its numbers; that a network is hard to explain is no trouble of training.
_SHOWN_ONLY = ("poor_interpretability",)
# What can be asked of the network of a table.
JUDGED = (*SIGNS, *_SHOWN_ONLY)


def examinations(trial: Trial, folds: list[Fold]) -> dict[str, np.ndarray]:
    """{name: float[folds]} of the first steps of a trial, see `examination.NUMBERS`."""
    found = [examined(trial, fold.split(trial), fold.seed)[2] for fold in folds]
    return {name: np.array([each[name] for each in found]) for name in NUMBERS}


def detections(
    values: dict, test_over_train: float | None, names=tuple(DETECTORS)
) -> dict[str, Detection]:
    """{detector: what it says} of those that have a number to read."""
    return {
        name: DETECTORS[name](values, test_over_train=test_over_train)
        for name in names
        if any(_known(values.get(key)) for key in READS[name])
    }


def _known(values) -> bool:
    if values is None:
        return False
    found = np.atleast_1d(np.asarray(values))
    return found.dtype.kind in "fiu" and bool(np.isfinite(found).any())


def findings(
    found: dict[str, Detection], earlier: list[Finding], muted
) -> list[Finding]:
    """The detectors that fire, as findings; what a check already told is left out."""
    told = {finding.name for finding in earlier}
    return [
        Finding(
            sign.code,
            name,
            sign.title,
            sign.weight,
            _evidence(found[name]),
            sign.next_step,
            numbers={
                c.name: c.value for c in found[name].components if c.value is not None
            },
        )
        for name, sign in SIGNS.items()
        if name in found
        and found[name].fires
        and sign.code not in muted
        and not told & _TOLD.get(name, set())
    ]


def _evidence(detection: Detection) -> str:
    """The signs that fired, each with its interval and its threshold."""
    said = [_said(c) for c in detection.components if c.fires]
    return f"{'; '.join(said)}."


def _said(c):
    unit = f" {c.unit}" if c.unit else ""
    name = f"{c.name[0].upper()}{c.name[1:]}"
    if c.value is None or not isfinite(c.value):
        return f"{name}: not finite (threshold {c.threshold:g}{unit})"
    value = f"{name}: {c.value:.3g}{unit}"
    if c.low is not None and c.high is not None:
        value += f" ({c.low:.3g} to {c.high:.3g})"
    word = "below" if c.comparison == "<" else "above"
    return f"{value}, {word} {c.threshold:g}{unit}"
