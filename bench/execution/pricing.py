"""What a pass over the data takes: the conditions of a scenario trained in turns.

While many trials train side by side, the time of one says little of what it costs.
"""

from functools import partial

import numpy as np

from ...kernels import train
from ...kernels.threads import one_blas_thread
from ..measurement.timing import timed
from .data import split
from .network import ledger, network
from .setting import setting
from .timing import in_turn, steps_per_sample

ROUNDS = 6
# A step of no length takes as long as any other, and no run diverges by it.
_NO_STEP = 1e-12


def run_pricing(tasks):
    """The `Run`s of tasks of one seed each, trained A B, B A on one thread.

    values: `seconds_per_epoch`, the median over the rounds; curves:
    `seconds_per_epoch`, one a round, so that two conditions can be paired.
    """
    calls = {task: _training(task) for task in tasks}
    epochs = {task: steps_per_sample(call) for task, call in calls.items()}
    samples = {task: [] for task in tasks}
    with one_blas_thread():
        for number in range(ROUNDS):
            for task in in_turn(tasks, number):
                samples[task].append(timed(partial(calls[task], epochs[task]), 1))
    return [_record(task, [s / epochs[task] for s in samples[task]]) for task in tasks]


def _training(task):
    """call(epochs): train that long, validated only where that may end the training."""
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    net, start, how = setting(trial, rows, seed)
    how |= {"lr": _NO_STEP, "threads": 1, "device": "cpu"}
    if trial.patience is not None:
        how["validation"] = (rows.x_val, rows.y_val)

    def call(epochs):
        length = {"epochs": epochs}
        if trial.patience is not None:
            length["patience"] = epochs + 1
        train(net, start.copy(), rows.x_seen, rows.y_seen, **how | length)

    return call


def _record(task, samples):
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    median = float(np.median(samples))
    return task.run(
        seed,
        seconds=median,
        bytes=ledger(trial, network(trial, rows), len(rows.x_seen)).total,
        values={"seconds_per_epoch": median},
        curves={"seconds_per_epoch": samples},
    )
