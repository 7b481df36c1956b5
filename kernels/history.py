"""What a training gives back: curves, status and time."""

from dataclasses import dataclass

import numpy as np

from .diagnostics import Diagnostics

STATUSES = ("ok", "diverged", "stopped_early")


@dataclass(frozen=True)
class History:
    """One training. Curves are float64[epochs run]; NaN where there was no validation.

    train_loss and train_metric: mean over the epoch's batches, as they were trained
    (with dropout, before each update); val_*: all validation rows after the epoch. The
    metric is accuracy for classification, R^2 for regression. gradient_norm: mean L2
    norm over the epoch's steps, before clipping; update_ratio: |step| / |parameters| of
    its last step. status: "ok" | "diverged" | "stopped_early"; seconds: s, without
    compilation. diagnostics: of every step, where asked for, else None.
    """

    train_loss: np.ndarray
    val_loss: np.ndarray
    train_metric: np.ndarray
    val_metric: np.ndarray
    gradient_norm: np.ndarray
    update_ratio: np.ndarray
    status: str
    seconds: float
    epochs: int
    best_epoch: int
    diagnostics: Diagnostics | None = None


@dataclass(frozen=True)
class Population:
    """Many trainings: curves of `History` as float64[r, epochs], NaN after a run ends.

    params: float[r, n]; status: list of r strings; seconds: float64[r], s of each run.
    """

    params: np.ndarray
    train_loss: np.ndarray
    val_loss: np.ndarray
    train_metric: np.ndarray
    val_metric: np.ndarray
    gradient_norm: np.ndarray
    update_ratio: np.ndarray
    status: list
    seconds: np.ndarray
    epochs: np.ndarray
    best_epoch: np.ndarray
