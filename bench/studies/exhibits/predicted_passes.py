"""How many passes gradient descent must take, computed from the eigenvalues alone."""

import math

import numpy as np

from ....kernels.threads import one_blas_thread
from ...execution.data import split
from ...execution.setting import setting
from ..evidence import BASELINE, column


def exhibit(evidence):
    """A table of passes to the target: predicted without any training, and measured.

    Of the baseline and of the fixes that leave it a linear regression by gradient
    descent on all rows.
    """
    scenario = evidence.scenario
    if scenario.symptom.detector != "ill_conditioning":
        return [], []
    trials = {(BASELINE, BASELINE): ("Baseline", scenario.baseline)}
    for fix in scenario.fixes:
        trials["fix", fix.name] = fix.label, fix.treated(scenario.baseline)
    rows = [
        _row(label, trial, evidence.of(*condition))
        for condition, (label, trial) in trials.items()
        if _quadratic(trial) and evidence.of(*condition)
    ]
    return [
        {
            "title": "Passes that the eigenvalues predict",
            "sentence": "Along an eigenvector of the Hessian with eigenvalue λ,"
            " gradient descent at the rate r leaves the share (1 - r λ)ᵗ of the error"
            " after t passes. The prediction starts where the network did, is made in"
            " float64 without any training, and uses none of the kernels. Medians over"
            " the seeds; a difference is that of one seed.",
            "columns": [
                "Condition",
                "Largest / smallest eigenvalue",
                "Predicted passes",
                "Measured passes",
                "Largest difference",
            ],
            "rows": rows,
        }
    ] * bool(rows), []


def _quadratic(trial):
    """Is its loss a quadratic, and each step plain gradient descent on all rows?"""
    plain = trial.optimizer == "gradient_descent" and trial.batch_size is None
    linear = not trial.hidden and not trial.layers and trial.loss == "mse"
    return plain and linear and not trial.l1 and not trial.l2


def _row(label, trial, runs):
    seeds = sorted(runs)
    with one_blas_thread():
        found = [predicted_passes(trial, split(trial.data, s), s) for s in seeds]
    passes, ratios = np.array(found).T
    measured = column(runs, seeds, "evaluations_to_target")
    measured = np.where(np.isnan(measured), np.inf, measured)
    both = np.isfinite(passes) & np.isfinite(measured)
    apart = np.abs(passes[both] - measured[both])
    return [
        label,
        float(f"{np.median(ratios):.3g}"),
        _passes(np.median(passes)),
        _passes(np.median(measured)),
        f"{apart.max():g}" if both.any() else "none reached it",
    ]


def _passes(count):
    return f"{count:g}" if math.isfinite(count) else "not reached"


def predicted_passes(trial, rows, seed):
    """(passes to the target, largest / smallest eigenvalue) of a linear regression.

    Infinite where the target is not reached within the trial's epochs. Source: LeCun,
    Bottou, Orr & Müller (1998), section 5.1, in the coordinates of the eigenvectors.
    """
    x, new = (
        np.column_stack([part.astype(np.float64), np.ones(len(part))])
        for part in (rows.x_train, rows.x_val)
    )
    _, start, _ = setting(trial, rows, seed)
    values, vectors = np.linalg.eigh(2.0 / len(x) * x.T @ x)
    pull = vectors.T @ (2.0 / len(x) * x.T @ rows.y_train[:, 0].astype(np.float64))
    begun = vectors.T @ start.astype(np.float64)
    solution = pull / values
    times = np.arange(1, trial.epochs + 1)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):
        left = (1.0 - trial.lr * values) ** times
        paths = solution + left * (begun - solution)
        errors = paths @ (new @ vectors).T - rows.y_val[:, 0].astype(np.float64)
        reached = np.flatnonzero((errors**2).mean(axis=1) <= trial.target)
    passes = float(reached[0] + 1) if reached.size else math.inf
    return passes, float(values[-1] / values[0])
