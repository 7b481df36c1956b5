"""Trials that are timed: every engine on the very same step, interleaved.

The engines first take a few steps from the same start and must arrive at the same
parameters; only then is a step's time worth comparing.
"""

from functools import partial

import numpy as np

from ...kernels.threads import one_blas_thread
from ..measurement.timing import SAMPLE_SECONDS, timed
from .data import split
from .engines import ENGINES
from .network import ledger
from .setting import refuse_differences, setting

_CHECK_STEPS = 3
_TOLERANCE = 1e-4  # of the largest parameter, float32 over three steps
# The least of them is paired over seeds: what else runs can only add to a time.
_SAMPLES = 8
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
    calls, steps, agreement = {}, {}, {}
    for task in tasks:
        trial = task.condition.trial
        net, x, y, start = _setting(trial, seed)
        agreement[task] = _disagreement(trial, net, x, y, start)
        run = ENGINES[trial.engine](net, start.copy(), x, y, trial.lr)
        steps[task] = steps_per_sample(run)
        calls[task] = partial(run, steps[task])
    samples = {task: [] for task in tasks}
    with one_blas_thread():  # NumPy's matrix products on one thread too, as Numba's
        for number in range(_SAMPLES):
            # Whoever always followed the same other would inherit its cache.
            for task in in_turn(tasks, number):
                samples[task].append(timed(calls[task], 1) / steps[task])
    return [_record(task, seed, samples[task], agreement[task]) for task in tasks]


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
    seconds, predicted = float(np.min(samples)), ledger(trial, net, len(x)).total
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
    )
