"""Many trainings of one problem by one optimizer: one population, a record a run."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...kernels import train_population
from ...kernels.sources import training_source
from ...scenarios.problem import Problem
from .attempt import attempt, lacking
from .data import split
from .entrant import Entrant
from .network import layer_files, network
from .record import Run
from .task import declared, hashed

# The data of a problem are the same for all runs, see `Problem`.
DATA_SEED = 0
_DIGITS = 7  # of a stored curve: float32 has no more

# Hyper-parameters by name, and a seed: one training.
Job = tuple[dict[str, float], int]


def complete(problem, entrant, role, jobs, known, store, threads) -> list[Run]:
    """The run of every job: from `known` (by key), else trained, and stored at once.

    jobs: a sequence of `Job`; what is missing, or failed before, is one call of
    `train_population`, or a record of why that failed. known is updated.
    """
    keys = [key(problem, entrant, *job) for job in jobs]
    named = dict(zip(keys, jobs, strict=True))
    missing = {k: job for k, job in named.items() if lacking(known.get(k))}
    if missing:
        about = problem, entrant, role
        failed = partial(_failed, *about, missing)
        runs = attempt(trained, *about, missing, threads, failed=failed)
        store.put(runs)
        known.update({run.key: run for run in runs})
    return [known[k] for k in keys]


def _failed(problem, entrant, role, jobs, **outcome) -> list[Run]:
    """Records of why jobs, by key, could not be trained."""
    empty: dict[str, Any] = {
        "values": {"best": None, "epochs": 0},
        "curves": {"val_loss": [], "train_loss": []},
    }
    return [
        _run(problem, entrant, role, k, job, **outcome, **empty)
        for k, job in jobs.items()
    ]


def _run(problem, entrant, role, run_key, job, **outcome) -> Run:
    """The `Run` of a job: what was run, and the fields of what became of it."""
    options, seed = job
    about = run_key, problem.name, entrant.name, role, seed
    return Run(*about, trial=options, **outcome)


def key(
    problem: Problem, entrant: Entrant, options: dict[str, float], seed: int
) -> str:
    """sha256 of all that defines a run: rule, training loop, problem, data, seed."""
    rule = [entrant.name, entrant.source]
    task = [problem.name, declared(problem.trial)]
    layers = [("layers", name) for name in layer_files(problem.trial)]
    return hashed(
        seed,
        engine=training_source(named=layers),
        optimizer=rule,
        problem=task,
        options=options,
    )


def epochs_of(problem: Problem, entrant: Entrant) -> int:
    """Passes over the data within the problem's budget of gradients."""
    return max(1, int(problem.trial.epochs / entrant.evaluations_per_step))


def batches(problem: Problem) -> int:
    """Mini-batches of a pass over the data."""
    rows = problem.trial.data.rows
    return -(-rows // (problem.trial.batch_size or rows))


def clocks(problem: Problem, entrant: Entrant) -> dict[str, float]:
    """What a pass over the data takes: steps, and gradients of a mini-batch.

    A gradient of all rows counts as many as there are mini-batches.
    """
    count = batches(problem)
    return {
        "steps": 1.0 if entrant.optimizer.full_batch else float(count),
        "evaluations": count * entrant.evaluations_per_step,
    }


def trained(
    problem: Problem, entrant: Entrant, role: str, jobs: dict[str, Job], threads: int
) -> list[Run]:
    """Train all jobs (by key) side by side; a `Run` each.

    values: `best`, the best validation loss, and `epochs`. curves: `val_loss` after
    each pass over the data; of runs on fresh seeds `train_loss` too.
    """
    trial, rows = problem.trial, split(problem.trial.data, DATA_SEED)
    columns: dict[str, Any] = {
        name: [options[name] for options, _ in jobs.values()]
        for name in entrant.optimizer.defaults
    }
    how: dict[str, Any] = {
        "optimizer": entrant.optimizer,
        "batch_size": trial.batch_size,
        "epochs": epochs_of(problem, entrant),
        "seeds": [seed for _, seed in jobs.values()],
        "validation": (rows.x_val, rows.y_val),
        "threads": threads,
        "device": "cpu",
    }
    net = network(trial, rows)
    population = train_population(net, rows.x_train, rows.y_train, **how, **columns)
    return [
        _record(problem, entrant, role, k, job, population, index)
        for index, (k, job) in enumerate(jobs.items())
    ]


def _record(problem, entrant, role, run_key, job, population, index):
    epochs = int(population.epochs[index])
    value = population.val_loss[index, :epochs]
    finite = value[np.isfinite(value)]
    curves = {"val_loss": _short(value)}
    if role == "fresh":
        curves["train_loss"] = _short(population.train_loss[index, :epochs])
    return _run(
        problem,
        entrant,
        role,
        run_key,
        job,
        status=population.status[index],
        seconds=float(population.seconds[index]),
        values={"best": float(finite.min()) if finite.size else None, "epochs": epochs},
        curves=curves,
    )


def _short(curve: Sequence[float] | np.ndarray) -> list[Any]:
    return [float(f"{number:.{_DIGITS}g}") for number in curve]
