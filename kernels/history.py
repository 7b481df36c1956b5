"""What a training gives back: curves, status and time."""

from dataclasses import dataclass, field

import numpy as np

from . import progress
from .diagnostics import Diagnostics
from .reasons import reason_of

STATUSES = ("ok", "diverged", "stopped_early")
CURVE_NAMES = (
    "train_loss",
    "val_loss",
    "train_metric",
    "val_metric",
    "gradient_norm",
    "update_ratio",
)


def status_of(curves, outcome):
    """The status of a run, from its curves float64[CURVES, epochs] and its outcome."""
    epochs = int(outcome[progress.EPOCHS])
    loss = curves[progress.TRAIN_LOSS, :epochs]
    if loss[-1] > progress.DIVERGENCE_BOUND * loss[0]:
        return "diverged"
    return STATUSES[int(outcome[progress.STATUS])]


def history_of(curves, outcome, data, state=None, **more):
    """The `History` of a run, from its curves and its outcome, and more fields.

    data, state: see `reason_of`.
    """
    epochs, status = int(outcome[progress.EPOCHS]), status_of(curves, outcome)
    return History(
        **dict(zip(CURVE_NAMES, curves[:, :epochs], strict=True)),
        status=status,
        reason=reason_of(status, curves, outcome, data, 0, state),
        seconds=float(outcome[progress.SECONDS]),
        epochs=epochs,
        best_epoch=int(outcome[progress.BEST_EPOCH]),
        **more,
    )


@dataclass(frozen=True)
class History:
    """One progress. Curves are float64[epochs run]; NaN where there was no validation.

    train_loss and train_metric: mean over the epoch's batches, as they were trained
    (with dropout, before each update); val_*: all validation rows after the epoch. The
    metric is accuracy for classification, R^2 for regression. gradient_norm: mean L2
    norm over the epoch's steps, before clipping; update_ratio: |step| / |parameters| of
    its last step. status: "ok" | "diverged" | "stopped_early" (patience ran out, or a
    minimiser converged); reason: why it diverged, or that its targets are all the same,
    in one sentence, else "". seconds: s, without compilation. diagnostics: of every
    step, where asked for, else None. evaluations: int64[epochs], how often a minimiser
    evaluated the loss of all rows in each epoch, else None. device: where it ran, "cpu"
    or "cuda".
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
    evaluations: np.ndarray | None = None
    device: str = "cpu"
    reason: str = ""


@dataclass(frozen=True)
class Population:
    """Many trainings: curves of `History` as float64[r, epochs], NaN after a run ends.

    params: float[r, n]; status, reasons: lists of r strings; seconds: float64[r], s of
    each run. device: where they ran, "cpu" or "cuda". evaluations: int64[r, epochs] of
    a minimiser, as of `History`, 0 after a run ends, else None.
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
    device: str = "cpu"
    reasons: list = field(default_factory=list)
    evaluations: np.ndarray | None = None


def population_of(
    params, curves, outcome, data, states=None, device="cpu", evaluations=None
):
    """The `Population` of runs: params float[r, n], curves and outcome stacked.

    data, states: see `reason_of`; a state a run.
    """
    status = [status_of(*pair) for pair in zip(curves, outcome, strict=True)]
    states = [None] * len(params) if states is None else states
    runs = zip(status, curves, outcome, states, strict=True)
    reasons = [reason_of(*run[:3], data, k, run[3]) for k, run in enumerate(runs)]
    return Population(
        params=params,
        **dict(zip(CURVE_NAMES, np.moveaxis(curves, 1, 0), strict=True)),
        status=status,
        reasons=reasons,
        seconds=outcome[:, progress.SECONDS],
        epochs=outcome[:, progress.EPOCHS].astype(int),
        best_epoch=outcome[:, progress.BEST_EPOCH].astype(int),
        device=device,
        evaluations=evaluations,
    )
