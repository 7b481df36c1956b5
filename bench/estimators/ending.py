"""What is kept of a training, and what is said where it did not end well."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .settings import hidden_sizes

_LEVEL = 4  # of the caller of `fit`


def note(estimator: Any, history: Any, going_on: bool) -> None:
    """Set the attributes that a training leaves; going_on: behind those there are."""
    losses, epochs = history.train_loss.tolist(), history.epochs
    if going_on:
        losses, epochs = [*estimator.loss_curve_, *losses], epochs + estimator.n_iter_
    estimator.loss_curve_, estimator.n_iter_ = losses, epochs
    estimator.loss_ = losses[-1]
    estimator.best_loss_ = min(losses)
    estimator.validation_loss_curve_ = (
        history.val_loss.tolist() if estimator.early_stopping else None
    )
    estimator.status_ = history.status
    estimator.n_layers_ = len(hidden_sizes(estimator.hidden_layer_sizes)) + 2
    estimator.n_outputs_ = estimator.network_.outputs
    if estimator.verbose:
        print(f"{epochs} epochs, loss {losses[-1]:.4g}, {history.status}")


def check_end(estimator: Any, history: Any, whole: bool) -> None:
    """ValueError where parameters are not finite; ConvergenceWarning where others are.

    whole: the training was to end by itself, and not after one epoch.
    """
    if not np.isfinite(estimator.params_).all():
        raise ValueError(
            f"The training diverged. {history.reason} Standardise X, or lower"
            " learning_rate_init."
        )
    if history.status == "diverged":
        kept = np.isfinite(history.val_loss).any()
        said = " The parameters of the best epoch were kept." if kept else ""
        _warn(f"The training diverged. {history.reason}{said}")
    elif whole and history.status == "ok" and estimator.tol is not None:
        _warn(
            f"The training had not converged after max_iter={estimator.max_iter}"
            " epochs; raise max_iter, or set tol=None to train so long on purpose."
        )


def _warn(sentence: str) -> None:
    warnings.warn(sentence, ConvergenceWarning, stacklevel=_LEVEL)
