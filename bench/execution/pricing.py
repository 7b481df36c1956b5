"""What a pass over the data takes: the conditions of a scenario trained in turns.

While many trials train side by side, the time of one says little of what it costs.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from ...kernels import train
from ...kernels.threads import one_blas_thread
from ..measurement.timing import timed
from .data import split
from .explaining import explain, fitted, is_readable
from .network import ledger, network
from .setting import setting
from .timing import in_turn, steps_per_sample

ROUNDS = 6
# A step of no length takes as long as any other, and no run diverges by it.
_NO_STEP = 1e-12


def run_pricing(tasks):
    """The `Run`s of tasks of one seed each, trained A B, B A on one thread.

    values: `seconds_per_epoch`, the median over the rounds; curves:
    `seconds_per_epoch`, one a round, so that two conditions can be paired; where the
    trial explains its network `explanation_seconds` too. The pass of a model that takes
    the network's place is its fit. Trials that train the same network, and explain it
    otherwise, share the time of the training.
    """
    same = {task: _same_training(task) for task in tasks}
    first = {same[task]: task for task in tasks[::-1]}
    calls = {trial: _training(task) for trial, task in first.items()}
    asked = {task: call for task in tasks if (call := _explaining(task))}
    epochs = {trial: steps_per_sample(call) for trial, call in calls.items()}
    samples = {trial: [] for trial in calls}
    explained = {task: [] for task in asked}
    with one_blas_thread():
        for number in range(ROUNDS):
            for task in in_turn(tasks, number):
                trial = same[task]
                if task is first[trial]:
                    call = partial(calls[trial], epochs[trial])
                    samples[trial].append(timed(call, 1) / epochs[trial])
                if task in asked:
                    explained[task].append(timed(asked[task], 1))
    return [_record(task, samples[same[task]], explained.get(task)) for task in tasks]


def _same_training(task):
    """The trial without what is done after its training."""
    trial = task.condition.trial
    if is_readable(trial):
        return trial
    return replace(trial, explanation=None, explanation_options=())


def _training(task):
    """call(epochs): train that long, validated only where that may end the training."""
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    if is_readable(trial):
        return lambda passes: [fitted(trial, rows, seed) for _ in range(passes)]
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


def _explaining(task):
    """call(): explain an untrained network, which takes as long; None: not asked."""
    trial, seed = task.condition.trial, task.seeds[0]
    if trial.explanation is None or is_readable(trial):
        return None
    rows = split(trial.data, seed)
    net, start, _ = setting(trial, rows, seed)
    return partial(
        explain, trial, net, start[None].repeat(trial.members, 0), rows, seed
    )


def _record(task, samples, explained=None):
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    median = float(np.median(samples))
    return task.run(
        seed,
        seconds=median,
        bytes=ledger(trial, network(trial, rows), len(rows.x_seen)).total,
        values={"seconds_per_epoch": median},
        curves={"seconds_per_epoch": samples}
        | ({"explanation_seconds": explained} if explained else {}),
    )
