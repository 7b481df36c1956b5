"""The public way to train: checks, arrays, one call of a compiled driver."""

from dataclasses import dataclass, field, fields

import numpy as np
from numba import typeof, types

from . import training
from .functions import compiled, compiled_as
from .history import STATUSES, History, Population
from .memory import MemoryPlan
from .network import Network, model, workspace
from .optimizer import Optimizer
from .optimizers import OPTIMIZERS
from .pieces import Scratch, evaluate, serial_gradient, sharded_gradient
from .schedules import SCHEDULES
from .threads import available_threads, limited
from .validation import (
    check_choice,
    check_count,
    check_floats,
    check_number,
    check_options,
    check_rows,
    check_seed,
)

# A loss this many times the first epoch's counts as divergence, like NaN and infinity.
DIVERGENCE_BOUND = 10.0
# Above this many multiply-adds a step is split in pieces that threads can share.
SPLIT_WORK, SPLIT_PIECES, SPLIT_ROWS = 8_000_000, 4, 32
CURVE_NAMES = (
    "train_loss",
    "val_loss",
    "train_metric",
    "val_metric",
    "gradient_norm",
    "update_ratio",
)


@dataclass(frozen=True)
class Settings:
    """What `train` and `train_population` take beside the optimizer's hyper-parameters.

    schedule: a key of `SCHEDULES`, schedule_options its options by name; warmup: steps.
    l1, l2: penalties on the weights. clip_norm, clip_value: None for no limit.
    reduction: `mean` or `sum` of the rows' gradients. patience: epochs without a better
    validation loss (by min_delta) before stopping; None never stops. micro_batch: rows
    per piece of a batch; the pieces' gradients are added. checkpoint, storage: see
    `MemoryPlan`.
    """

    schedule: str = "constant"
    schedule_options: dict = field(default_factory=dict)
    warmup: int = 0
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    clip_value: float | None = None
    reduction: str = "mean"
    patience: int | None = None
    min_delta: float = 0.0
    micro_batch: int | None = None
    checkpoint: int | None = None
    storage: str = "native"

    def __post_init__(self):
        check_choice("schedule", self.schedule, SCHEDULES)
        known = SCHEDULES[self.schedule].defaults
        check_options(f"schedule {self.schedule!r}", self.schedule_options, known)
        check_choice("reduction", self.reduction, ("mean", "sum"))
        check_choice("storage", self.storage, ("native", "float16"))
        check_count("warmup", self.warmup, 0)
        for name in ("l1", "l2", "clip_norm", "clip_value", "min_delta"):
            if getattr(self, name) is not None:
                check_number(name, getattr(self, name), 0.0)
        for name in ("patience", "micro_batch", "checkpoint"):
            if getattr(self, name) is not None:
                check_count(name, getattr(self, name))
        if self.checkpoint and self.storage != "native":
            raise ValueError("choose checkpoint or storage='float16', not both")

    @property
    def memory(self):
        return MemoryPlan(self.checkpoint, self.storage)

    def plan(self, epochs, batch):
        """The `Plan` of the compiled loop."""
        options = {**SCHEDULES[self.schedule].defaults, **self.schedule_options}
        return training.Plan(
            epochs=epochs,
            batch=batch,
            warmup=int(self.warmup),
            patience=int(self.patience or 0),
            summed=int(self.reduction == "sum"),
            l1=float(self.l1),
            l2=float(self.l2),
            clip_norm=float(self.clip_norm or 0.0),
            clip_value=float(self.clip_value or 0.0),
            min_delta=float(self.min_delta),
            schedule=np.array(list(options.values()), dtype=np.float64),
        )


@dataclass(frozen=True)
class _Job:
    """Checked arguments of a training of one or many runs."""

    net: Network
    optimizer: Optimizer
    settings: Settings
    data: training.Data
    plan: training.Plan
    dtype: str

    def functions(self, net, scratch, params, sharded):
        """The compiled functions of this training; the arrays tell their types."""
        passes, p = model(self.net.loss, self.dtype), typeof(params)
        x, y = typeof(self.data.x[0]), typeof(self.data.y[0])
        nets, work = (typeof(net), typeof(passes)), typeof(_first(scratch.pieces))
        sums = types.UniTuple(types.float64, 2)
        batch = typeof((0, 0, 0, 0.0))
        gradient = sharded_gradient if sharded else serial_gradient
        return training.Functions(
            passes,
            compiled_as(gradient, sums, (*nets, p, typeof(scratch), x, y, batch)),
            compiled_as(evaluate, sums, (*nets, p, work, x, y)),
            compiled(self.optimizer.rule, "update", self.dtype),
            compiled(SCHEDULES[self.settings.schedule].rule, "schedule", self.dtype),
        )

    def train_serial(self, net, functions, run, scratch):
        """`training.train_serial` compiled for the types of its arguments."""
        arguments = (net, functions, self.data, self.plan, run, scratch, 0)
        types_of = tuple(typeof(argument) for argument in arguments)
        return compiled_as(training.train_serial, types.void, types_of)

    def piece_rows(self, shared_by_threads):
        """Rows per piece: fixed by the work alone, so threads do not change results."""
        batch = self.plan.batch
        if self.settings.micro_batch:
            return min(batch, self.settings.micro_batch)
        if shared_by_threads and batch * self.net.n_params > SPLIT_WORK:
            pieces = min(SPLIT_PIECES, max(1, batch // SPLIT_ROWS))
            return -(-batch // pieces)
        return batch

    def scratch(self, sizes, rows, slots, stack=()):
        """Memory of a training: `slots` pieces side by side, `stack` trainings."""
        n, dtype = self.net.n_params, self.dtype
        pieces = -(-self.plan.batch // rows)
        slots = min(slots, pieces)
        hypers = len(self.optimizer.defaults)
        return Scratch(
            np.empty((*stack, slots + (pieces > slots), n), dtype=dtype),
            np.empty((*stack, n), dtype=dtype),
            np.empty((*stack, hypers)),
            np.empty((*stack, self.data.x.shape[1]), dtype=np.int64),
            np.empty((*stack, slots, 2)),
            workspace(self.net, sizes, rows, dtype, (*stack, slots)),
        )

    def runs(self, seeds, lrs, params, options):
        """The stacked `Run` of seeds and learning rates, on given parameters."""
        r, n = params.shape
        keys = np.array([(s & 0xFFFFFFFF, s >> 32) for s in seeds], dtype=np.uint32)
        hyper = np.stack([self.optimizer.hyper(**{**options, "lr": lr}) for lr in lrs])
        state = np.zeros((r, self.optimizer.slots, n), dtype=self.dtype)
        best = np.empty((r, n if self.plan.patience else 0), dtype=self.dtype)
        curves = np.empty((r, training.CURVES, self.plan.epochs))
        outcome = np.empty((r, training.OUTCOMES))
        return training.Run(keys, hyper, params, state, best, curves, outcome)


def _first(stacked):
    """The first of stacked arrays, in their NamedTuple and those inside it."""
    parts = (_first(part) if isinstance(part, tuple) else part[0] for part in stacked)
    return type(stacked)(*parts)


def _prepare(
    net, x, y, validation, dtype, optimizer, batch_size, epochs, options, runs
):
    """(`_Job`, the optimizer's hyper-parameters) of checked arguments."""
    check_choice("optimizer", optimizer, OPTIMIZERS)
    optimizer = OPTIMIZERS[optimizer]
    names = {f.name for f in fields(Settings)}
    settings = Settings(**{k: v for k, v in options.items() if k in names})
    hyper = {k: v for k, v in options.items() if k not in names}
    for name in hyper:
        check_choice("option", name, (*optimizer.defaults, *sorted(names)))
    x, y, metric = _rows(net, "x", "y", x, y, dtype, runs)
    if x.shape[1] == 0:
        raise ValueError("x holds no rows; training needs at least one")
    if validation is None:
        x_val, y_val, metric_val = x[:, :0], y[:, :0], metric
    elif not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError("validation must be a pair (x, y) of arrays")
    else:
        x_val, y_val = validation
        names = ("validation x", "validation y")
        x_val, y_val, metric_val = _rows(net, *names, x_val, y_val, dtype, runs)
    if settings.patience and x_val.shape[1] == 0:
        raise ValueError("patience needs rows in validation=(x, y) to watch")
    if len(x_val) != len(x):
        raise ValueError(
            f"x holds {len(x)} sets of rows but validation {len(x_val)}; give as many"
        )
    batch = x.shape[1] if batch_size is None else check_count("batch_size", batch_size)
    batch = x.shape[1] if optimizer.full_batch else min(batch, x.shape[1])
    plan = settings.plan(check_count("epochs", epochs), batch)
    data = training.Data(x, y, x_val, y_val, metric, metric_val)
    return _Job(net, optimizer, settings, data, plan, dtype), hyper


def _rows(net, x_name, y_name, x, y, dtype, runs):
    """x[d, rows, i], y[d, rows, k] checked, and the metric's line float64[d, 2]."""
    x = check_rows(x_name, x, net.inputs, dtype, runs)
    if x.ndim == 2:
        x, y = x[None], np.asarray(y)[None]
    if len(y) != len(x):
        raise ValueError(f"{y_name} must hold {len(x)} sets of rows, got {len(y)}")
    rows = x.shape[1]
    y = np.stack([net.check_targets(y_name, part, rows, dtype) for part in y])
    lines = [net.metric_line(part) if rows else (0.0, 0.0) for part in y]
    metric = np.array(lines, dtype=np.float64)
    return x, y, metric


def _check_device(device):
    check_choice("device", device, ("auto", "cpu", "cuda"))
    if device == "cuda":
        raise RuntimeError(
            "device 'cuda' is not available in this version; use 'auto' or 'cpu'"
        )


def _check_threads(threads):
    most = available_threads()
    return most if threads is None else min(check_count("threads", threads), most)


def _status(curves, outcome):
    epochs = int(outcome[training.EPOCHS])
    loss = curves[training.TRAIN_LOSS, :epochs]
    if loss[-1] > DIVERGENCE_BOUND * loss[0]:
        return "diverged"
    return STATUSES[int(outcome[training.STATUS])]


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
    **options,
):
    """Train one network, params float[n_params] in place. Returns a `History`.

    x: float[rows, inputs]; y: class numbers [rows], or float[rows, outputs];
    validation: a pair of the same. batch_size None is the full batch. seed keys the row
    order, dropout and noise. threads: None for all; the result is the same for any
    number. device: "auto" | "cpu". options: the fields of `Settings` and the
    optimizer's hyper-parameters.

    A loss that is NaN, infinite or ends above 10 times its first value is the status
    "diverged", not an error. Raises ValueError or TypeError with one sentence on a
    wrong name, shape, dtype or value.
    """
    _check_device(device)
    dtype = check_floats("params", params, (net.n_params,))
    job, hyper = _prepare(
        net, x, y, validation, dtype, optimizer, batch_size, epochs, options, None
    )
    seed, lr = check_seed("seed", seed), check_number("lr", lr, 0.0)
    threads = _check_threads(threads)
    arrays, sizes = net.arrays(job.settings.memory)
    scratch = job.scratch(sizes, job.piece_rows(shared_by_threads=True), threads)
    runs = job.runs([seed], [lr], params[None], hyper)
    run = _first(runs)
    sharded = len(scratch.sums) > 1
    calls = job.functions(arrays, scratch, params, sharded)
    train_one = job.train_serial(arrays, calls, run, scratch)
    with limited(threads):
        train_one(arrays, calls, job.data, job.plan, run, scratch, 0)
    epochs = int(run.outcome[training.EPOCHS])
    curves = dict(zip(CURVE_NAMES, run.curves[:, :epochs], strict=True))
    return History(
        **curves,
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
    job, hyper = _prepare(
        net, x, y, validation, dtype, optimizer, batch_size, epochs, options, len(seeds)
    )
    threads = min(_check_threads(threads), len(seeds))
    params = np.stack([net.init(seed, dtype, initialiser) for seed in seeds])
    arrays, sizes = net.arrays(job.settings.memory)
    rows = job.piece_rows(shared_by_threads=False)
    scratch = job.scratch(sizes, rows, 1, (threads,))
    runs = job.runs(seeds, lrs, params, hyper)
    calls = job.functions(arrays, _first(scratch), params[0], sharded=False)
    train_one = job.train_serial(arrays, calls, _first(runs), _first(scratch))
    with limited(threads):
        training.train_population(
            train_one, arrays, calls, job.data, job.plan, runs, scratch
        )
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
