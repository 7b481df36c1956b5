"""Trials that are timed: every engine on the very same step, interleaved.

The engines first take a few steps from the same start and must arrive at the same
parameters; only then is a step's time worth comparing.
"""

from functools import partial

import numpy as np

from ...kernels.device import DeviceError, chosen_device
from ...kernels.threads import one_blas_thread
from ..measurement.timing import SAMPLE_SECONDS, timed
from .data import split
from .engines import ENGINES, NETWORKS
from .network import ledger
from .record import UNAVAILABLE
from .scaling import by_count
from .setting import refuse_differences, setting

_CHECK_STEPS = 3
_TOLERANCE = 1e-4  # of the largest parameter, float32 over three steps
# The least of them is paired over seeds: what else runs can only add to a time.
_SAMPLES = 8
# Rounds of a curve over counts of threads or networks.
_SCALED = 4
# What a timed step is made of: engines take steps of SGD on the rows of one batch.
HONOURED = {
    "data",
    "hidden",
    "activation",
    "loss",
    "lr",
    "batch_size",
    "initialiser",
    "precision",
    "engine",
    "restart",
}


def run_timing(tasks):
    """The `Run`s of tasks of one seed each, timed A B, B A in this process."""
    seed = tasks[0].seeds[0]
    trials = [task.condition.trial for task in tasks]
    refuse_differences(trials, HONOURED, "a timed step of SGD")
    absent = [task for task in tasks if missing_device(task)]
    tasks = [task for task in tasks if task not in absent]
    runs, agreement = {}, {}
    for task in tasks:
        trial = task.condition.trial
        net, x, y, start = _setting(trial, seed)
        agreement[task] = _disagreement(trial, net, x, y, start)
        runs[task] = ENGINES[trial.engine](net, start.copy(), x, y, trial.lr)
    samples = _sampled(runs, _SAMPLES)
    return [
        *(_record(task, seed, samples[task], agreement[task]) for task in tasks),
        *(_not_here(task, seed) for task in absent),
    ]


def _sampled(runs, rounds):
    """{name: seconds a step of each round} of runs of a number of steps, in turns."""
    steps = {name: steps_per_sample(run) for name, run in runs.items()}
    calls = {name: partial(run, steps[name]) for name, run in runs.items()}
    samples = {name: [] for name in runs}
    with one_blas_thread():  # NumPy's matrix products on one thread too, as Numba's
        for number in range(rounds):
            # Whoever always followed the same other would inherit its cache.
            for name in in_turn(list(runs), number):
                samples[name].append(timed(calls[name], 1) / steps[name])
    return samples


def missing_device(task) -> str | None:
    """Why a task's engine has no device here, in one sentence; None where it has."""
    try:
        chosen_device("cuda" if task.condition.trial.engine == "cuda" else "cpu")
    except DeviceError as error:
        return str(error)
    return None


def _not_here(task, seed):
    return task.run(seed, status=UNAVAILABLE, reason=missing_device(task))


def _scaled(trial, seed):
    """Curves of the seconds a step by threads, or a network's by networks, if any."""
    net, x, y, start = _setting(trial, seed)
    name, runs = by_count(trial.engine, net, start, x, y, trial.lr)
    if not runs:
        return {}
    least = {count: min(s) for count, s in _sampled(runs, _SCALED).items()}
    share = {count: count if name == "networks" else 1 for count in least}
    seconds = [least[count] / share[count] for count in least]
    return {name: list(least), f"seconds_by_{name}": seconds}


def in_turn(tasks, number):
    """The tasks in the order of a round: there, and back in the next."""
    return tasks[:: -1 if number % 2 else 1]


def steps_per_sample(run):
    """How many last long enough together: a call's own cost must not count.

    run: function of a number of steps, or passes, that takes them.
    """
    steps, seconds = 1, timed(partial(run, 1), 1)
    while seconds < SAMPLE_SECONDS:
        # Towards the mark, at most tenfold: the first steps are the slowest.
        steps = max(steps + 1, int(steps * min(10, 1.2 * SAMPLE_SECONDS / seconds)))
        seconds = timed(partial(run, steps), 1)
    return steps


def _setting(trial, seed):
    data = split(trial.data, seed)
    net, start, _ = setting(trial, data, seed)
    rows = min(trial.batch_size or len(data.x_train), len(data.x_train))
    return net, data.x_train[:rows], data.y_train[:rows], start


def _disagreement(trial, net, x, y, start):
    """Largest difference to NumPy's parameters, relative to the largest parameter."""
    arrived = {}
    for name in ("numpy", trial.engine):
        arrived[name] = start.copy()
        ENGINES[name](net, arrived[name], x, y, trial.lr)(_CHECK_STEPS)
    reference = arrived["numpy"]
    difference = np.abs(arrived[trial.engine] - reference).max()
    return float(difference / np.abs(reference).max())


def _record(task, seed, samples, disagreement):
    trial = task.condition.trial
    net, x, _, _ = _setting(trial, seed)
    seconds = float(np.min(samples)) / NETWORKS.get(trial.engine, 1)
    predicted = ledger(trial, net, len(x)).total * NETWORKS.get(trial.engine, 1)
    agrees = disagreement <= _TOLERANCE
    return task.run(
        seed,
        status="ok" if agrees else "failed",
        reason=None
        if agrees
        else f"its parameters differ from NumPy's by {disagreement:.1e} of the largest",
        seconds=seconds,
        bytes=predicted,
        values={
            "seconds_per_step": seconds,
            "steps_per_second": 1.0 / seconds,
            "disagreement": disagreement,
        },
        curves=_scaled(trial, seed),
    )
