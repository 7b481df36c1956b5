"""One system, one task, one seed: trained, then measured on test rows."""

import time
from typing import Any

import numpy as np

from ....kernels import Perceptron, sequential, train
from ....kernels.layers.dense import Dense
from ....kernels.layers.threshold import Threshold
from ....scenarios.trial import Trial
from ...execution.data import split
from ...execution.setting import setting
from .systems import System
from .tasks import TASKS

PASSES = 100  # of the perceptron over its rows


def measured(system: System, task: str, seed: int) -> dict[str, Any]:
    """A record: value, parameters, seconds, status and curve.

    value: on the test rows, accuracy or squared error as `SharedTask.measure` says;
    seconds: processor time of the training, without compilation; curve:
    validation losses after each pass, empty where no gradient is followed.
    """
    if trial := system.trials.get(task):
        return _trained(trial, seed)
    return {"threshold": _by_hand, "perceptron": _mistaken}[system.name](task, seed)


def _trained(trial: Trial, seed: int) -> dict[str, Any]:
    rows = split(trial.data, seed)
    net, params, how = setting(trial, rows, seed)
    validation = (rows.x_val, rows.y_val)
    once = how | {"epochs": 1, "patience": None, "threads": 1, "device": "cpu"}
    train(net, params.copy(), rows.x_train[:2], rows.y_train[:2], **once)  # compiles
    began = time.thread_time()
    history = train(
        net,
        params,
        rows.x_train,
        rows.y_train,
        validation=validation,
        threads=1,
        device="cpu",
        **how,
    )
    seconds = time.thread_time() - began
    loss, accuracy = net.evaluate(params, rows.x_test, rows.y_test)
    value = loss if trial.loss == "mse" else accuracy
    return _record(value, net.n_params, seconds, history.status) | {
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


def _by_hand(task: str, seed: int) -> dict[str, Any]:
    """XOR by three units: AND and OR of the inputs, then OR without AND.

    Signs count as on (1) and off (-1), so AND fires from a sum of 2, OR from 0; the
    class is that of equal signs, the product of both being 1.
    """
    rows = split(TASKS[task].data, seed)
    unit = [Dense(2), Threshold(), Dense(1), Threshold()]
    net = sequential((2,), unit, "mse")
    params = np.array([1, 1, 1, 1, -2, 0, 2, -1, 0], dtype=np.float32)
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
