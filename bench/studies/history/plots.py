"""Pictures that tell why a system came: gradients by depth, what gates learn."""

from typing import Any

import numpy as np

from ....kernels import sequential
from ....kernels.layers.batch_norm import BatchNorm
from ....kernels.layers.dense import Dense
from ....kernels.layers.residual import Residual
from ...execution.data import split
from .systems import SYSTEMS
from .tasks import TASKS

DEPTH, WIDTH, ROWS = 20, 64, 256
RECURRENT = ("elman", "lstm", "gru")
Found = dict[tuple[str, str], dict[str, Any]]


def plots(seed: int, found: Found) -> list[dict[str, Any]]:
    """The line plots of the page, plain data as `reports.figures.lines` draws it.

    found: {(system, task): result}; seed: of the networks that are not trained.
    """
    curves = learning_curves(found)
    return [*([curves] if curves else []), gradients_by_depth(seed)]


def gradients_by_depth(seed: int) -> dict[str, Any]:
    """RMS of the gradient of each layer's weights: 20 plain layers, and with skips."""
    rows = split(TASKS["digits"].data, seed)
    dense = [Dense(WIDTH, "sigmoid") for _ in range(DEPTH)]
    relu = [Dense(WIDTH, "relu") for _ in range(DEPTH)]
    pairs = [Residual([BatchNorm(), *relu[k : k + 2]]) for k in range(0, DEPTH, 2)]
    series = [
        ("20 plain layers, sigmoid", dense),
        ("20 plain layers, ReLU", relu),
        ("20 layers with skips, ReLU", pairs),
    ]
    return {
        "kind": "line",
        "title": "What reaches the first layers",
        "sentence": "RMS of the gradient of each layer’s weights before training, on"
        " digits. Through sigmoids it shrinks layer by layer; ReLU with He’s start, or"
        " skips with norms, carry it through.",
        "x_label": "layer, counted from the input",
        "y_label": "RMS of the weights’ gradient",
        "x_scale": "linear",
        "y_scale": "log",
        "series": [_by_depth(name, stack, rows, seed) for name, stack in series],
    }


def _by_depth(name, stack, rows, seed):
    net = sequential((64,), [*stack, Dense(10)], "cross_entropy")
    params = net.init(seed)
    _, slope = net.loss_and_grad(params, rows.x_train[:ROWS], rows.y_train[:ROWS])
    sizes = [
        float(np.sqrt(np.mean(slope[at : at + np.prod(shape)] ** 2)))
        for part, at, shape in net.layout
        if part.endswith(".weight") and len(shape) == 2
    ]
    return {"label": name, "x": list(range(1, len(sizes) + 1)), "y": sizes}


def learning_curves(found: Found) -> dict[str, Any] | None:
    """Validation loss of the recurrences on the adding problem, pass by pass."""
    series = [
        {
            "label": SYSTEMS[name].title,
            "x": list(range(1, len(result["curve"]) + 1)),
            "y": result["curve"],
        }
        for (name, task), result in found.items()
        if task == "adding" and name in RECURRENT
    ]
    if not series:
        return None
    return {
        "kind": "line",
        "title": "Gates learn what lies far back",
        "sentence": "Mean squared error on validation rows of the adding problem, first"
        " seed. To answer the mean costs 0.167: what stays there has learned nothing.",
        "x_label": "passes over the training rows",
        "y_label": "mean squared error",
        "x_scale": "linear",
        "y_scale": "log",
        "series": series,
    }
