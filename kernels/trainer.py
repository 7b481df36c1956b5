"""The public way to train: checks, arrays, one call of a compiled driver."""

import numpy as np

from . import training
from .diagnostics import diagnostics_of
from .history import STATUSES, History, Population
from .job import first_of, prepare
from .threads import chosen_threads, limited
from .validation import (
    check_choice,
    check_floats,
    check_number,
    check_seed,
)

# A loss this many times the first epoch's counts as divergence, like NaN and infinity.
DIVERGENCE_BOUND = 10.0
CURVE_NAMES = (
    "train_loss",
    "val_loss",
    "train_metric",
    "val_metric",
    "gradient_norm",
    "update_ratio",
)


def _check_device(device):
    check_choice("device", device, ("auto", "cpu", "cuda"))
    if device == "cuda":
        raise RuntimeError(
            "device 'cuda' is not available in this version; use 'auto' or 'cpu'"
        )


def _status(curves, outcome):
    epochs = int(outcome[training.EPOCHS])
    loss = curves[training.TRAIN_LOSS, :epochs]
    if loss[-1] > DIVERGENCE_BOUND * loss[0]:
        return "diverged"
    return STATUSES[int(outcome[training.STATUS])]


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
    lr=1e-3,
    batch_size=32,
    epochs=20,
    seed=0,
    validation=None,
    threads=None,
    device="auto",
    diagnostics=False,
    **options,
):
    """Train one network, params float[n_params] in place. Returns a `History`.

    x: float[rows, inputs]; y: class numbers [rows], or float[rows, outputs];
    validation: a pair of the same. batch_size None is the full batch. seed keys the row
    order, dropout and noise. threads: None for all; the result is the same for any
    number. device: "auto" | "cpu". diagnostics: True measures every step from inside,
    see `Diagnostics`. options: the fields of `Settings` and the optimizer's
    hyper-parameters.

    A loss that is NaN, infinite or ends above 10 times its first value is the status
    "diverged", not an error. Raises ValueError or TypeError with one sentence on a
    wrong name, shape, dtype or value.
    """
    _check_device(device)
    dtype = check_floats("params", params, (net.n_params,))
    threads = chosen_threads(threads)
    job, hyper = prepare(
        net, x, y, validation, dtype, optimizer, batch_size, epochs, options, None,
        threads, diagnostics,
    )  # fmt: skip
    seed, lr = check_seed("seed", seed), check_number("lr", lr, 0.0)
    arrays, scratch = job.arrays(threads)
    runs = job.runs([seed], [lr], params[None], hyper)
    run = first_of(runs)
    calls = job.functions(arrays, run, scratch)
    with limited(threads):
        job.train(arrays, calls, run, scratch)
    epochs = int(run.outcome[training.EPOCHS])
    curves = dict(zip(CURVE_NAMES, run.curves[:, :epochs], strict=True))
    return History(
        **curves,
        diagnostics=_diagnostics(job, scratch.watch.records, epochs),
        status=_status(run.curves, run.outcome),
        seconds=float(run.outcome[training.SECONDS]),
        epochs=epochs,
        best_epoch=int(run.outcome[training.BEST_EPOCH]),
    )


def train_population(
    net,
    x,
    y,
    seeds,
    lr,
    optimizer="adam",
    batch_size=32,
    epochs=20,
    validation=None,
    threads=None,
    device="auto",
    initialiser="auto",
    dtype=np.float32,
    **options,
):
    """Train one network per seed, whole networks side by side. Returns a `Population`.

    seeds: ints; each keys its network's start, row order, dropout and noise. lr: one
    rate, or one a seed. x: float[rows, inputs] for all, or float[r, rows, inputs], one
    set a run; y and validation likewise. The rest as in `train`; run k equals `train`
    with seed k on `net.init(seed k)` where `train` does not split the batch.
    """
    _check_device(device)
    seeds = [check_seed("each of seeds", seed) for seed in seeds]
    if not seeds:
        raise ValueError("seeds is empty; give at least one")
    lrs = [lr] * len(seeds) if np.isscalar(lr) else list(lr)
    if len(lrs) != len(seeds):
        raise ValueError(
            f"lr holds {len(lrs)} rates for {len(seeds)} seeds; give as many"
        )
    lrs = [check_number("lr", rate, 0.0) for rate in lrs]
    dtype = check_choice("dtype", np.dtype(dtype).name, ("float32", "float64"))
    job, hyper = prepare(
        net, x, y, validation, dtype, optimizer, batch_size, epochs, options, len(seeds)
    )
    threads = min(chosen_threads(threads), len(seeds))
    params = np.stack([net.init(seed, dtype, initialiser) for seed in seeds])
    arrays, scratches = job.arrays(1, stack=(threads,))
    runs = job.runs(seeds, lrs, params, hyper)
    calls = job.functions(arrays, first_of(runs), first_of(scratches))
    with limited(threads):
        job.train_population(arrays, calls, runs, scratches)
    curves = dict(zip(CURVE_NAMES, np.moveaxis(runs.curves, 1, 0), strict=True))
    outcome = runs.outcome
    return Population(
        params=params,
        **curves,
        status=[_status(*pair) for pair in zip(runs.curves, outcome, strict=True)],
        seconds=outcome[:, training.SECONDS],
        epochs=outcome[:, training.EPOCHS].astype(int),
        best_epoch=outcome[:, training.BEST_EPOCH].astype(int),
    )
