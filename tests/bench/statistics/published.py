"""Thresholds that others published, applied to the same runs, and how well they do.

They look at one run at a time and at its numbers, not at an interval over seeds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from gradclinic.bench.statistics.detectors.detection import measured
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class PublishedRule:
    """A rule of another tool. `fires(values)` is bool[n], one answer per run.

    A run in which an input is missing or not a number does not fire. symptom: the name
    of the detector it stands beside.
    """

    tool: str
    symptom: str
    rule: str
    fires: Callable[[Mapping[str, Any]], np.ndarray]


def _on(*names):
    """Hand a rule its inputs as float[n]; where one is missing it fires nowhere."""

    def bind(rule):
        def fires(values):
            inputs = [measured(values, name) for name in names]
            if not all(found.size for found in inputs):
                runs = max(found.size for found in inputs)
                return np.zeros(runs, dtype=bool)
            # NaN compares as false, and a ratio to zero is infinite.
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.atleast_1d(rule(*inputs))

        return fires

    return bind


_LAYERS = ("first_layer_gradient_rms", "last_layer_gradient_rms")

# AutoTrainer: Zhang, Zhai, Ma & Shen (2021), AUTOTRAINER: an automatic DNN training
# problem detection and repair system, ICSE. Its code adds conditions (no convergence; a
# gap of 0.07 above 0.9 accuracy) that are left out, and takes norms of layers.
# skore: check SKD001; 10 % is of the score on held-out rows.
# SageMaker Debugger: default parameters of Overfit, VanishingGradient and DeadRelu; its
# gradient is the mean magnitude, never above the root mean square used here.
PUBLISHED = (
    PublishedRule(
        "AutoTrainer",
        "overfitting",
        "accuracy gap of at least 0.10",
        _on("train_metric", "val_metric")(lambda train, val: train - val >= 0.10),
    ),
    PublishedRule(
        "AutoTrainer",
        "vanishing_gradient",
        "first to last layer gradient below 0.001",
        _on(*_LAYERS)(lambda first, last: first / last < 1e-3),
    ),
    PublishedRule(
        "AutoTrainer",
        "exploding_gradient",
        "first to last layer gradient above 70",
        _on(*_LAYERS)(lambda first, last: first / last > 70),
    ),
    PublishedRule(
        "AutoTrainer",
        "dead_relu",
        "at least 70 % dead",
        _on("dead_fraction")(lambda dead: dead >= 0.7),
    ),
    PublishedRule(
        "skore",
        "overfitting",
        "score gap of at least 0.03 and 10 %",
        _on("train_metric", "val_metric")(
            lambda train, val: train - val >= np.maximum(0.03, 0.10 * np.abs(val))
        ),
    ),
    PublishedRule(
        "SageMaker Debugger",
        "overfitting",
        "loss gap above 0.1 of the training loss",
        _on("train_loss", "val_loss")(lambda train, val: (val - train) / train > 0.1),
    ),
    PublishedRule(
        "SageMaker Debugger",
        "vanishing_gradient",
        "gradient below 1e-7",
        _on(_LAYERS[0])(lambda first: first < 1e-7),
    ),
    PublishedRule(
        "SageMaker Debugger",
        "dead_relu",
        "over 50 % dead",
        _on("dead_fraction")(lambda dead: dead > 0.5),
    ),
)


@dataclass(frozen=True)
class Score:
    """Precision and recall of a detector; None where nothing fired or was ill."""

    precision: float | None
    recall: float | None
    true_positives: int
    false_positives: int
    false_negatives: int


def precision_recall(fired: ArrayLike, truth: ArrayLike) -> Score:
    """Compare bool[n], what a detector said, with bool[n], what was really injected.

    precision = TP / (TP + FP); recall = TP / (TP + FN). Raises ValueError on lengths
    that differ.
    """
    said, ill = np.asarray(fired, dtype=bool), np.asarray(truth, dtype=bool)
    if said.ndim != 1 or said.shape != ill.shape:
        raise ValueError(
            f"fired and truth must be of one length, not {said.shape} and {ill.shape}"
        )
    hits = int(np.sum(said & ill))
    false_alarms, missed = int(np.sum(said & ~ill)), int(np.sum(~said & ill))
    return Score(
        precision=hits / (hits + false_alarms) if hits + false_alarms else None,
        recall=hits / (hits + missed) if hits + missed else None,
        true_positives=hits,
        false_positives=false_alarms,
        false_negatives=missed,
    )
