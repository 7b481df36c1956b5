"""What a system answers over the plane of XOR, and the filters that one learned."""

from typing import Any

import numpy as np

from ....kernels import Perceptron, train
from ...execution.data import split
from ...execution.setting import setting
from .systems import SYSTEMS
from .tasks import TASKS
from .training import PASSES

POINTS, REACH = 41, 1.8  # a side of the grid, and how far it goes from 0
FILTERS_PASSES = 10


def surfaces(seed: int) -> list[dict[str, Any]]:
    """Panels of squares of numbers: XOR's planes, and a convolution's filters.

    Each: title, sentence, low and high of its scale, and panels (label, values [row,
    column], the first row on top).
    """
    return [xor(seed), filters(seed)]


def _places() -> np.ndarray:
    """float32[points points, 2] of the plane, from its upper left corner on."""
    line = np.linspace(-REACH, REACH, POINTS, dtype=np.float32)
    across, down = np.meshgrid(line, line[::-1])
    return np.column_stack([across.ravel(), down.ravel()])


def xor(seed: int) -> dict[str, Any]:
    """How sure the perceptron and the MLP are of the class "both signs alike"."""
    rows, places = split(TASKS["xor"].data, seed), _places()
    unit = Perceptron(PASSES, seed).fit(rows.x_train, rows.y_train[:, 0])
    net, params = _trained("mlp", "xor", seed)
    logits = net.predict(params, places)
    answers = {
        "Perceptron": unit.predict(places),
        SYSTEMS["mlp"].title: 1 / (1 + np.exp(logits[:, 0] - logits[:, 1])),
    }
    return {
        "title": "XOR: one line does not do, hidden units do",
        "sentence": "The class that each place of the plane gets, dark for “both signs"
        " alike”. The four corners of the task lie at −1 and 1.",
        "low": 0.0,
        "high": 1.0,
        "panels": [
            {"label": label, "values": _square(answer, POINTS)}
            for label, answer in answers.items()
        ],
    }


def _square(values: np.ndarray, side: int) -> list[list[float]]:
    return np.round(values.reshape(side, -1).astype(float), 3).tolist()


def _trained(system: str, task: str, seed: int, **more: Any):
    """The network of a system on a task and its parameters after training."""
    trial = SYSTEMS[system].trials[task]
    rows = split(trial.data, seed)
    net, params, how = setting(trial, rows, seed)
    held = {"validation": (rows.x_val, rows.y_val), "threads": 1, "device": "cpu"}
    train(net, params, rows.x_train, rows.y_train, **how | held | more)
    return net, params


def filters(seed: int) -> dict[str, Any]:
    """The first layer's filters of the convolutional network on digits."""
    net, params = _trained("cnn", "digits", seed, epochs=FILTERS_PASSES)
    _, at, shape = net.layout[0]
    weights = params[at : at + int(np.prod(shape))].reshape(shape)[:, :, 0, :8]
    most = float(np.abs(weights).max())
    return {
        "title": "What a convolution looks for",
        "sentence": "Eight of the 16 filters of 3 x 3 pixels that the convolutional"
        f" network learned on digits in {FILTERS_PASSES} passes: the larger a weight,"
        " the darker.",
        "low": -most,
        "high": most,
        "panels": [
            {"label": f"{k + 1}", "values": _square(weights[:, :, k], 3)}
            for k in range(weights.shape[2])
        ],
    }
