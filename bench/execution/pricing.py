"""What a pass over the data takes: the conditions of a scenario trained in turns.

While many trials train side by side, the time of one says little of what it costs. Of
networks that go into a file a prediction is timed too, by what was read from the file.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...kernels import MINIMISERS, train
from ...kernels.threads import one_blas_thread
from ..measurement.allocation import allocated
from ..measurement.timing import timed
from .compression import Retraining, compressions
from .data import split
from .deployment import answer, compact, from_file, sample_of, tuning_rule
from .explaining import explain, fitted, is_readable
from .network import ledger, network
from .setting import dtype_of, setting
from .timing import in_turn, steps_per_sample

ROUNDS = 6
# A step of no length takes as long as any other, and no run diverges by it.
_NO_STEP = 1e-12


def run_pricing(tasks):
    """The `Run`s of tasks of one seed each, trained A B, B A on one thread.

    values: `seconds_per_epoch`, the median over the rounds; curves:
    `seconds_per_epoch`, one a round, so that two conditions can be paired. With a
    deployment, both hold `seconds_per_prediction` of at most `deployment.ROWS` rows by
    the network of the file, and `seconds_per_tuning_epoch` of the passes after
    compression, of which `tuning_epochs` are made; where the trial explains its network
    `explanation_seconds` too. The pass of a model that takes the network's place is its
    fit.

    values also holds the predicted bytes of a training, part by part, and `peak_bytes`,
    what one pass held at once.
    """
    trainings: dict[Hashable, Any] = {_trained(task): _training(task) for task in tasks}
    peaks = {t: _peak(call) for t, call in trainings.items() if not is_readable(t)}
    passes = _seconds(trainings)
    found = {task: {"seconds_per_epoch": passes[_trained(task)]} for task in tasks}
    ready = {
        task: _compressed(task) for task in tasks if task.condition.trial.deployment
    }
    calls = {task: partial(_predicting, *ready[task][3:]) for task in ready}
    for task, samples in _seconds(calls).items():
        found[task]["seconds_per_prediction"] = samples
    tunings = {task: partial(_tuning, *ready[task][:3]) for task in ready}
    tunings = {task: call for task, call in tunings.items() if tuning_epochs(task)}
    for task, samples in _seconds(tunings).items():
        found[task]["seconds_per_tuning_epoch"] = samples
    asked = {task: call for task in tasks if (call := _explaining(task))}
    for task, samples in _seconds(asked).items():
        found[task]["explanation_seconds"] = samples
    return [_record(task, found[task], peaks.get(_trained(task))) for task in tasks]


def _peak(call):
    """Bytes that a pass holds at once, once all it calls is compiled and loaded."""
    call(1)
    return allocated(partial(call, 1))


def _seconds(calls: Mapping[Any, Callable[[int], object]]) -> dict:
    """{name: seconds a unit of each round} of calls of a number of units, in turns."""
    units = {name: steps_per_sample(call) for name, call in calls.items()}
    samples = {name: [] for name in calls}
    with one_blas_thread():
        for number in range(ROUNDS):
            for name in in_turn(list(calls), number):
                seconds = timed(partial(calls[name], units[name]), 1)
                samples[name].append(seconds / units[name])
    return samples


def _trained(task):
    """The trial as it is trained, without what is done afterwards."""
    trial = task.condition.trial
    if is_readable(trial):
        return trial
    after = {"deployment": None, "explanation": None, "explanation_options": ()}
    return replace(trial, **after)


def _training(task):
    """call(epochs): train that long, validated only where that may end the training."""
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    if is_readable(trial):
        return lambda passes: [fitted(trial, rows, seed) for _ in range(passes)]
    net, start, how = setting(trial, rows, seed)
    how |= {"threads": 1, "device": "cpu"}
    if trial.optimizer in MINIMISERS:
        return partial(_minimising, net, start, (rows.x_seen, rows.y_seen), how)
    how["lr"] = _NO_STEP
    if trial.patience is not None:
        how["validation"] = (rows.x_val, rows.y_val)

    def call(epochs):
        length = {"epochs": epochs}
        if trial.patience is not None:
            length["patience"] = epochs + 1
        train(net, start.copy(), rows.x_seen, rows.y_seen, **how | length)

    return call


def _minimising(net, start, rows, how, epochs):
    """Iterations from the start, as often as it takes: its searches cost what they do.

    One that converges sooner begins again.
    """
    while epochs > 0:
        length = {"epochs": min(epochs, how["epochs"])}
        epochs -= train(net, start.copy(), *rows, **how | length).epochs


def tuning_epochs(task) -> int:
    """Passes after the training: of fine-tuning, or of a student."""
    trial = task.condition.trial
    students = sum(name == "distil" for name, _ in compressions(trial))
    return trial.deployment.fine_tuning + students * trial.epochs


def _compressed(task):
    """(retraining, network, params, what was read from its file, rows) of a task.

    Of the start, which takes as long as what is trained, and a student of one pass.
    """
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    net, start, _ = setting(trial, rows, seed)
    plan = replace(trial.deployment, fine_tuning=0)
    short = replace(trial, epochs=1, lr=_NO_STEP, deployment=plan)
    retraining = Retraining(short, rows, seed, 1)
    net, params = compact(retraining, net, start)
    return retraining, net, params, from_file(trial, net, params), sample_of(rows)


def _tuning(retraining, net, params, epochs):
    rule = tuning_rule(retraining.trial)
    retraining.train(net, params.copy(), epochs, optimizer=rule)


def _predicting(model, x, repeats):
    for _ in range(repeats):
        answer(model, x)


def _explaining(task):
    """call(count): explain an untrained network, as long as any; None: not asked."""
    trial, seed = task.condition.trial, task.seeds[0]
    if trial.explanation is None or is_readable(trial):
        return None
    rows = split(trial.data, seed)
    net, start, _ = setting(trial, rows, seed)
    params = start[None].repeat(trial.members, 0)

    def call(count):
        for _ in range(count):
            explain(trial, net, params, rows, seed)

    return call


def _record(task, curves, peak):
    trial, seed = task.condition.trial, task.seeds[0]
    rows = split(trial.data, seed)
    medians = {name: float(np.median(samples)) for name, samples in curves.items()}
    tuned = {"tuning_epochs": tuning_epochs(task)} if trial.deployment else {}
    return task.run(
        seed,
        seconds=medians["seconds_per_epoch"],
        bytes=ledger(trial, network(trial, rows), len(rows.x_seen)).total,
        values=medians | tuned | _bytes(trial, rows, peak),
        curves=curves,
    )


def _bytes(trial, rows, peak):
    """What was predicted of one network, part by part, and what a pass held.

    peak: bytes allocated in a pass; rows in the precision of the trial are not copied.
    Nothing is predicted of a model that takes the network's place.
    """
    if peak is None:
        return {}
    predicted = ledger(trial, network(trial, rows), len(rows.x_seen))
    x = rows.x_seen
    return {
        **{f"predicted_{part}": size for part, size in vars(predicted).items()},
        "predicted_bytes": predicted.total,
        "peak_bytes": peak + x.nbytes * (x.dtype == dtype_of(trial)),
    }
