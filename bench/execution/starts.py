"""Where a training begins: drawn weights, or those of a training that came before.

A warm start trains the same network by the same rule on some of the same rows first.
What that takes counts as passes over all of the rows. Source: Ash & Adams (2020), On
warm-starting neural network training, NeurIPS.
"""

from typing import Any

import numpy as np

from ...kernels import train
from .network import options

# Arguments of a warm start: its passes over its rows, how many of the first rows it
# takes, and of the rows which classes: those below a number.
ARGUMENTS = ("classes", "epochs", "rows")


def begun(net, trial, rows, key):
    """float[n_values]: where the training with this key begins on a split."""
    params = drawn(net, trial, key)
    if trial.warm_start:
        _train_before(net, params, trial, rows, key)
    return params


def drawn(net, trial, key):
    """float[n_values] of the trial's precision: its initialiser's, times its gain."""
    params = net.init(key, dtype_of(trial), trial.initialiser)
    if trial.gain != 1.0:
        for start, inputs, outputs in net.matrices:
            params[start : start + inputs * outputs] *= trial.gain
    return params


def is_plain(trial) -> bool:
    """Does a training begin at what the initialiser draws, and at nothing else?"""
    return trial.gain == 1.0 and not trial.warm_start


def earlier_passes(trial, rows) -> float:
    """Passes over all rows of a split that the warm start took; 0 without one."""
    if not trial.warm_start:
        return 0.0
    chosen = _chosen(trial, rows)
    return dict(trial.warm_start)["epochs"] * len(chosen) / len(rows.x_seen)


def dtype_of(trial):
    """The NumPy type of a trial's precision."""
    return getattr(np, trial.precision)


def _chosen(trial, rows):
    """int[k]: the rows that a warm start takes; ValueError on what it does not know."""
    asked = dict(trial.warm_start)
    if "epochs" not in asked or not asked.keys() <= {*ARGUMENTS}:
        raise ValueError(
            f"a warm start has epochs, and of {', '.join(ARGUMENTS)} what it needs, got"
            f" {trial.warm_start}"
        )
    chosen = np.arange(int(asked.get("rows", len(rows.x_seen))))
    if "classes" in asked:
        chosen = chosen[rows.y_seen[chosen, 0] < asked["classes"]]
    if not len(chosen) or len(chosen) > len(rows.x_seen):
        raise ValueError(
            f"a warm start needs some of the {len(rows.x_seen)} training rows, got"
            f" {trial.warm_start}"
        )
    return chosen


def _train_before(net, params, trial, rows, key):
    """Train params in place on the chosen rows, on one thread of the processor."""
    chosen = _chosen(trial, rows)
    how: dict[str, Any] = options(trial)
    how |= {"epochs": int(dict(trial.warm_start)["epochs"]), "patience": None}
    how |= {"lr": trial.lr, "seed": key, "threads": 1, "device": "cpu"}
    train(net, params, rows.x_seen[chosen], rows.y_seen[chosen], **how)
