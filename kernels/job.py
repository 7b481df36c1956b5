"""A training of one or many runs: checked arguments, compiled functions, arrays."""

from dataclasses import dataclass, fields

import numpy as np
from numba import typeof, types

from . import training
from .functions import compiled, compiled_as
from .network import Network, model, workspace
from .optimizer import Optimizer
from .optimizers import OPTIMIZERS
from .pieces import Scratch, evaluate, serial_gradient, sharded_gradient
from .schedules import SCHEDULES
from .settings import Settings
from .validation import check_choice, check_count, check_rows

# Above this many multiply-adds a step is split in pieces that threads can share.
SPLIT_WORK, SPLIT_PIECES, SPLIT_ROWS = 8_000_000, 4, 32


@dataclass(frozen=True)
class Job:
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
        nets, work = (typeof(net), typeof(passes)), typeof(first_of(scratch.pieces))
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


def first_of(stacked):
    """The first of stacked arrays, in their NamedTuple and those inside it."""
    parts = (first_of(part) if isinstance(part, tuple) else part[0] for part in stacked)
    return type(stacked)(*parts)


def prepare(net, x, y, validation, dtype, optimizer, batch_size, epochs, options, runs):
    """(`Job`, the optimizer's hyper-parameters) of checked arguments."""
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
    return Job(net, optimizer, settings, data, plan, dtype), hyper


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
