"""Pictures that tell why a system came: gradients by depth, inputs far back.

Both are of networks before training, where what cannot pass was already lost.
"""

from typing import Any

import numpy as np

from ....kernels import layers, sequential
from ....scenarios.trial import Dataset
from ...execution.data import split
from .tasks import TASKS

DEPTH, WIDTH, ROWS = 20, 64, 256
STEPS, UNITS, NUDGE = 60, 32, 1e-2


def plots(seed: int) -> list[dict[str, Any]]:
    """The line plots of the page, plain data as `reports.figures.lines` draws it."""
    return [gradients_by_depth(seed), inputs_far_back(seed)]


def gradients_by_depth(seed: int) -> dict[str, Any]:
    """RMS of the gradient of each layer's weights: 20 plain layers, and with skips."""
    rows = split(TASKS["digits"].data, seed)
    dense = [layers.Dense(WIDTH, "sigmoid") for _ in range(DEPTH)]
    relu = [layers.Dense(WIDTH, "relu") for _ in range(DEPTH)]
    pairs = [layers.Residual(relu[k : k + 2]) for k in range(0, DEPTH, 2)]
    series = [
        ("20 plain layers, sigmoid", dense),
        ("20 plain layers, ReLU", relu),
        ("20 layers with skips, ReLU", pairs),
    ]
    return {
        "kind": "line",
        "title": "What reaches the first layers",
        "sentence": "RMS of the gradient of each layer’s weights before training, on"
        " digits. Through sigmoids it shrinks layer by layer; skips carry it through.",
        "x_label": "layer, counted from the input",
        "y_label": "RMS of the weights’ gradient",
        "x_scale": "linear",
        "y_scale": "log",
        "series": [_by_depth(name, stack, rows, seed) for name, stack in series],
    }


def _by_depth(name, stack, rows, seed):
    net = sequential((64,), [*stack, layers.Dense(10)], "cross_entropy")
    params = net.init(seed)
    _, slope = net.loss_and_grad(params, rows.x_train[:ROWS], rows.y_train[:ROWS])
    sizes = [
        float(np.sqrt(np.mean(slope[at : at + np.prod(shape)] ** 2)))
        for part, at, shape in net.layout
        if part.endswith(".weight")
    ]
    return {"label": name, "x": list(range(1, len(sizes) + 1)), "y": sizes}


def inputs_far_back(seed: int) -> dict[str, Any]:
    """How much the last state moves with an input some steps before the end."""
    cells = [
        ("simple recurrent network", layers.Elman),
        ("LSTM", layers.LSTM),
        ("GRU", layers.GRU),
    ]
    return {
        "kind": "line",
        "title": "What is left of an input",
        "sentence": "How far the last state of a recurrence before training moves with"
        " an input some steps back, per unit of that input. What moves nothing has no"
        " gradient, and is not learned.",
        "x_label": "steps back",
        "y_label": "RMS change of the state per unit of input",
        "x_scale": "linear",
        "y_scale": "log",
        "series": [_far_back(name, cell(UNITS), seed) for name, cell in cells],
    }


def _far_back(name, cell, seed):
    """Central differences in float64, the mean square over rows and units."""
    data = Dataset("adding", 32, 0, 0, options=(("length", STEPS), ("n_samples", 32)))
    rows = split(data, seed).x_train.reshape(-1, STEPS, 2).astype(np.float64)
    net = sequential((STEPS, 2), [cell], "mse")
    params = net.init(seed, np.float64)
    moved = []
    for back in range(STEPS):
        nudge = np.zeros_like(rows)
        nudge[:, STEPS - 1 - back] = NUDGE / 2
        change = net.predict(params, rows + nudge) - net.predict(params, rows - nudge)
        moved.append(max(float(np.sqrt(np.mean(change**2))) / NUDGE, 1e-16))
    return {"label": name, "x": list(range(STEPS)), "y": moved}
