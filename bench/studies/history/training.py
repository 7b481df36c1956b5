"""One system, one task, one seed: trained, then measured on test rows."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....kernels import Perceptron, sequential, train
from ....kernels.history import History
from ....kernels.layers.dense import Dense
from ....kernels.layers.threshold import Threshold
from ....kernels.network import Network
from ....scenarios.data.split import Split
from ....scenarios.trial import Trial
from ...execution.data import split
from ...execution.setting import setting
from .systems import System
from .tasks import TASKS

PASSES = 100  # of the perceptron over its rows


@dataclass(frozen=True)
class Trained:
    """A network after training: params, its rows, its curves, processor seconds."""

    net: Network
    params: np.ndarray
    rows: Split
    history: History
    seconds: float


def trained(trial: Trial, seed: int) -> Trained:
    """Train a trial on the rows of a seed, on one thread; compiled before it is timed.

    seconds: processor time of the training alone.
    """
    rows = split(trial.data, seed)
    net, params, how = setting(trial, rows, seed)
    x, y, on = rows.x_train, rows.y_train, {"threads": 1, "device": "cpu"}
    validation = (rows.x_val, rows.y_val)
    once = how | {"epochs": 1, "patience": None}
    train(net, params.copy(), x[:2], y[:2], **once, **on)
    began = time.thread_time()
    history = train(net, params, x, y, validation=validation, **how, **on)
    return Trained(net, params, rows, history, time.thread_time() - began)


def measured(system: System, task: str, seed: int) -> dict[str, Any]:
    """A record: value, parameters, seconds, status and curve.

    value: on the test rows, accuracy or squared error as `SharedTask.measure` says;
    seconds: processor time of the training, without compilation; curve:
    validation losses after each pass, empty where no gradient is followed.
    """
    if trial := system.trials.get(task):
        return _by_gradients(trial, seed)
    return {"threshold": _by_hand, "perceptron": _mistaken}[system.name](task, seed)


def _by_gradients(trial: Trial, seed: int) -> dict[str, Any]:
    after = trained(trial, seed)
    net, rows, history = after.net, after.rows, after.history
    loss, accuracy = net.evaluate(after.params, rows.x_test, rows.y_test)
    value = loss if trial.loss == "mse" else accuracy
    return _record(value, net.n_params, after.seconds, history.status) | {
        "curve": [float(loss) for loss in history.val_loss]
    }


def _record(value, parameters, seconds, status="ok") -> dict[str, Any]:
    return {
        "curve": [],
        "value": float(value),
        "parameters": int(parameters),
        "seconds": float(seconds),
        "status": status,
    }


def set_by_hand() -> tuple[Network, np.ndarray]:
    """XOR by three units: AND and OR of the inputs, then OR without AND.

    Signs count as on (1) and off (-1), so AND fires from a sum of 2, OR from 0; the
    class is that of equal signs, the product of both being 1.
    """
    unit = [Dense(2), Threshold(), Dense(1), Threshold()]
    net = sequential((2,), unit, "mse")
    return net, np.array([1, 1, 1, 1, -2, 0, 2, -1, 0], dtype=np.float32)


def _by_hand(task: str, seed: int) -> dict[str, Any]:
    rows = split(TASKS[task].data, seed)
    net, params = set_by_hand()
    said = net.predict(params, rows.x_test)
    return _record(np.mean(said == rows.y_test), net.n_params, 0.0)


def _mistaken(task: str, seed: int) -> dict[str, Any]:
    """Rosenblatt's rule, a unit a class against the rest; the largest sum answers."""
    rows = split(TASKS[task].data, seed)
    labels, began = rows.y_train[:, 0], time.thread_time()
    units = [
        Perceptron(PASSES, seed).fit(rows.x_train, labels == k)
        for k in range(rows.outputs)
    ]
    seconds = time.thread_time() - began
    sums = np.stack([rows.x_test @ u.weights + u.bias for u in units], axis=1)
    value = np.mean(sums.argmax(axis=1) == rows.y_test[:, 0])
    size = sum(unit.weights.size + 1 for unit in units)
    settled = all(unit.converged for unit in units)
    return _record(value, size, seconds, "ok" if settled else "unsettled")
