"""The public way to train: checks, arrays, one call of a compiled driver."""

from collections import deque
from collections.abc import Iterable
from itertools import islice

import numpy as np

from . import progress
from .bounds import NONNEGATIVE
from .cuda.errors import device_errors
from .cuda.support import why_not
from .device import DeviceError, chosen_device, warn_of_cpu
from .diagnostics import diagnostics_of
from .history import history_of, population_of
from .job import first_of, prepare
from .memory import aligned
from .minimisation import chosen_minimiser, prepare_minimisation
from .network import check_network
from .threads import chosen_threads, one_blas_thread, share
from .validation import (
    check_dtype,
    check_floats,
    check_number,
    check_seed,
    check_switch,
)
from .weighted import weigh_rows

MOST_RUNS = 10_000_000


def _device_of(device, job, runs=1):
    """Where to train so many runs of a job: "cpu" or "cuda"."""
    # A pass backward takes two matrix products for each of the pass forward.
    work = 3 * job.plan.batch * job.net.work * runs
    largest = max(job.net.n_params, job.data.x.shape[1])
    reason = why_not(
        job.optimizer,
        job.diagnostics,
        largest=largest,
        net=job.net,
        **vars(job.settings),
    )
    return chosen_device(device, work, reason)


def _trained(job, arrays, threads, place, device, ways):
    """Train by `ways[place]`: (place, what that gives). Where "auto" chose a GPU that
    fails before it has begun, by the CPU's way, and a `DeviceWarning` says so.
    """
    try:
        return place, ways[place](job, arrays, threads)
    except DeviceError as error:
        if device != "auto" or error.begun:
            raise
        warn_of_cpu(error)
    return "cpu", ways["cpu"](job, arrays, threads)


def _check_minimiser(device, minimiser):
    """Raise ValueError where a minimiser is to train on a GPU."""
    chosen_device(
        device, 0, f"device 'cuda' does not train by {minimiser.name!r}; use 'cpu'"
    )


def _given(lr):
    """A learning rate as an option; none where the optimizer's own is meant."""
    return {} if lr is None else {"lr": lr}


def _seeds(seeds):
    """A list of seeds, at least one."""
    scalar = isinstance(seeds, str | bytes) or getattr(seeds, "ndim", 1) == 0
    if scalar or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds must be a sequence of whole numbers, got {seeds!r}")
    # A sequence without an end is cut off where no memory would hold its networks.
    found = list(islice(seeds, MOST_RUNS + 1))
    if not found:
        raise ValueError("seeds is empty; give at least one")
    if len(found) > MOST_RUNS:
        raise ValueError(f"seeds holds more than {MOST_RUNS:,} seeds; give fewer")
    return [check_seed("each of seeds", seed) for seed in found]


def _one_a_seed(name, value, count):
    """A list of `count` values: `value` repeated, or the sequence that it is."""
    if not isinstance(value, list | tuple | range) and not getattr(value, "ndim", 0):
        return [value] * count
    if len(value) != count:
        raise ValueError(
            f"{name} holds {len(value)} values for {count} seeds; give as many"
        )
    return list(value)


def _diagnostics(job, records, epochs):
    if len(records) == 0:
        return None
    rows, batch = job.data.x.shape[1], job.plan.batch
    sizes = np.minimum(batch, rows - np.arange(0, rows, batch))
    sizes = np.tile(sizes, epochs)
    return diagnostics_of(job.net, records[: len(sizes)], sizes, job.plan.summed)


def train(
    net,
    params,
    x,
    y,
    optimizer="adam",
    lr=None,
    batch_size: int | str | None = "auto",
    epochs=20,
    seed=0,
    validation=None,
    threads=None,
    device="auto",
    diagnostics=False,
    sample_weight=None,
    **options,
):
    """Train one network, params float[n_values] in place. Returns a `History`.

    x: float[rows, inputs]; y: class numbers [rows], or float[rows, outputs];
    validation: a pair of the same. optimizer: a key of `OPTIMIZERS` or `MINIMISERS`, or
    one of your own. lr: None for the optimizer's own. batch_size: "auto" is 32, or all
    rows where the optimizer is defined on them; None is the full batch. seed keys the
    row order, dropout and noise. threads: None for all; the result is the same for any
    number, and in any thread or process, forked ones too. device: "cpu"; "cuda"; or
    "auto", a GPU where there is one and the step is large enough for it, see
    `chosen_device`. diagnostics: True measures every step from inside, see
    `Diagnostics`. sample_weight: float[rows] from zero on, None for 1 each, scaled to a
    mean of 1; losses and metrics are then weighted means, those of validation too where
    it is a triple (x, y, weights). options: the fields of `Settings` and the
    optimizer's hyper-parameters.

    A GPU trains by every optimizer that is `elementwise`, without diagnostics, and
    without sample_weight, micro_batch, checkpoint, storage and in_place.

    A minimiser takes one iteration an epoch and ends where it has converged, with the
    status "stopped_early"; it takes l2, patience and min_delta, and of the other
    settings none.

    A loss that ends above 10 times its first value, and a loss, a gradient, parameters
    or a state of the optimizer that is NaN or infinite, is the status "diverged", not
    an error; `History.reason` says which, and where targets are all the same. x and y
    may be what `reading` says. Raises ValueError or TypeError with one sentence on a
    wrong name, shape, dtype or value, and `DeviceError` on a GPU that is not there or
    fails.
    """
    check_network(net)
    dtype = check_floats("params", params, (net.n_values,))
    if sample_weight is not None:
        net, y, validation = weigh_rows(net, y, sample_weight, validation)
    threads = chosen_threads(threads)
    diagnostics = check_switch("diagnostics", diagnostics)
    seed, lr = check_seed("seed", seed), _rate("lr", lr)
    if minimiser := chosen_minimiser(optimizer):
        if diagnostics:
            raise ValueError(f"{minimiser.name!r} takes no steps that diagnostics see")
        _check_minimiser(device, minimiser)
        job = prepare_minimisation(
            net, minimiser, x, y, validation, dtype, batch_size, epochs, options
        )
        curves, outcome, calls = job.run(params, lr)
        calls = calls[: int(outcome[progress.EPOCHS])]
        return history_of(curves, outcome, _unweighted(job), evaluations=calls)
    job, hyper = prepare(
        net,
        x,
        y,
        validation,
        dtype,
        optimizer,
        batch_size,
        epochs,
        options,
        None,
        threads,
        diagnostics,
    )
    place = _device_of(device, job)
    run = first_of(job.runs([seed], params[None], [{**hyper, **_given(lr)}]))
    ways = {"cpu": _train_on_cpu, "cuda": _train_on_gpu}
    place, seen = _trained(job, run, threads, place, device, ways)
    return history_of(
        run.curves,
        run.outcome,
        _unweighted(job),
        job.numbers(run.state),
        diagnostics=seen,
        device=place,
    )


def _unweighted(job):
    """The rows of a training without their weights, of which a reason says nothing."""
    if not job.net.weighted:
        return job.data
    return job.data._replace(y=job.data.y[..., :-1])


def _train_on_cpu(job, run, threads):
    """Train one network, filling the arrays of `run`; returns its `Diagnostics`."""
    course = job.course(run, threads)
    with one_blas_thread():
        job.train(course)
    epochs = int(run.outcome[progress.EPOCHS])
    return _diagnostics(job, course.scratch.watch.records, epochs)


def _train_on_gpu(job, run, threads):
    """As `_train_on_cpu`; there are no diagnostics."""
    from .cuda.trainer import train_on_device

    with device_errors():
        train_on_device(job, run)


def train_population(
    net,
    x,
    y,
    seeds,
    lr,
    optimizer="adam",
    batch_size: int | str | None = "auto",
    epochs=20,
    validation=None,
    threads=None,
    device="auto",
    initialiser="auto",
    dtype=np.float32,
    params=None,
    **options,
):
    """Train one network per seed, whole networks side by side. Returns a `Population`.

    seeds: r ints; each keys its network's start, row order, dropout and noise. lr and
    the optimizer's hyper-parameters: one number for all, or a sequence of one a seed;
    lr None: the optimizer's own. x: float[rows, inputs] for all, or float[r, rows,
    inputs], one set a run; y and validation likewise. dtype: float32 or float64, of
    all that is computed; initialiser: as of `Network.init`. params: float[r, n_values]
    of that dtype to begin with, which are left as they are; None draws them. The rest,
    errors too, as in `train`; run k equals `train` with seed k on `net.init(seed k)`,
    or on params[k], where `train` does not split the batch.
    """
    check_network(net)
    seeds = _seeds(seeds)
    lrs = [_rate("lr", rate) for rate in _one_a_seed("lr", lr, len(seeds))]
    dtype = check_dtype("dtype", dtype)
    threads = min(chosen_threads(threads), len(seeds))
    if params is None:
        params = _starts(net, seeds, dtype, initialiser, threads)
    else:
        params = _given_starts(net, seeds, dtype, params)
    if minimiser := chosen_minimiser(optimizer):
        _check_minimiser(device, minimiser)
        more = (validation, dtype, batch_size, epochs, options)
        return _minimise_all(minimiser, net, params, lrs, x, y, more)
    job, hyper = prepare(
        net, x, y, validation, dtype, optimizer, batch_size, epochs, options, len(seeds)
    )
    place = _device_of(device, job, len(seeds))
    columns = {k: _one_a_seed(k, v, len(seeds)) for k, v in hyper.items()}
    each = [
        {**_given(lr), **{k: column[run] for k, column in columns.items()}}
        for run, lr in enumerate(lrs)
    ]
    runs = job.runs(seeds, params, each)
    ways = {"cpu": _train_all_on_cpu, "cuda": _train_all_on_gpu}
    place, _ = _trained(job, runs, threads, place, device, ways)
    state = job.numbers(runs.state)
    return population_of(params, runs.curves, runs.outcome, job.data, state, place)


def _starts(net, seeds, dtype, initialiser, threads):
    """float[r, n_params]: where the network of each seed begins."""
    params = aligned((len(seeds), net.n_values), dtype)
    rest = iter(enumerate(seeds))  # which threads may share

    def fill(_):
        for k, seed in rest:
            params[k] = net.init(seed, dtype, initialiser)

    share(fill, threads, lambda: deque(rest, maxlen=0))
    return params


def _given_starts(net, seeds, dtype, params):
    """float[r, n_params]: a copy of checked starts."""
    shape = (len(seeds), net.n_values)
    check_floats("params", params, shape, dtype)
    starts = aligned(shape, dtype)
    starts[:] = params
    return starts


def _train_all_on_cpu(job, runs, threads):
    """Train every network of `runs`, filling its arrays."""
    courses = job.courses(runs, threads)
    with one_blas_thread():
        job.train_population(courses)


def _train_all_on_gpu(job, runs, threads):
    """As `_train_all_on_cpu`."""
    from .cuda.population import train_population_on_device

    with device_errors():
        train_population_on_device(job, runs)


def _rate(name, lr):
    return lr if lr is None else check_number(name, lr, NONNEGATIVE)


def _minimise_all(minimiser, net, params, lrs, x, y, more):
    """The `Population` of trainings by a minimiser, one after the other."""
    job = prepare_minimisation(net, minimiser, x, y, *more, runs=len(params))
    runs = [job.run(params[k], lr, k) for k, lr in enumerate(lrs)]
    curves, outcome, calls = (np.stack([run[k] for run in runs]) for k in range(3))
    return population_of(params, curves, outcome, job.data, evaluations=calls)
