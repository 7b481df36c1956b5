"""A population of small networks on a device: a block trains a network.

An epoch is a launch or three, for all runs at once, and one wait for their sums; what
follows from those (curves, early stopping, divergence) is decided on the host, as
`training.train_serial` does.
"""

from time import perf_counter

import numpy as np

from .. import training as t
from ..functions import compiled
from . import block
from .arena import END
from .jit import cuda
from .rules import L1, L2, LIMITS, NORM, VALUE
from .scalars import Scalars
from .shapes import most_blocks, most_shared, network_of, steps_of
from .shuffle import shuffle


def train_population_on_device(job, runs):
    """Train every network of stacked runs, as `Job.train_population` does; in place.

    The optimizer must be elementwise, of one gradient a step, and the memory plan the
    plain one. A run's seconds are the population's wall time by the number of runs:
    the device works on many at a time.
    """
    began = perf_counter()
    runs.curves[:], runs.outcome[:] = np.nan, 0.0
    scalars = Scalars(job, runs.hyper, steps_of(job))
    memory = DeviceRuns(job, runs, scalars)
    alive, best = np.ones(len(runs.params), np.int32), np.full(len(runs.params), np.inf)
    table = scalars.of(0)
    for epoch in range(job.plan.epochs):
        memory.start(epoch, table, alive)
        if job.plan.averages:
            memory.average(scalars, epoch, alive)
        memory.validate()
        if not scalars.observe and epoch + 1 < job.plan.epochs:
            table = scalars.of(epoch + 1)
        members = np.flatnonzero(alive)
        note_epoch(job, runs, scalars, members, epoch, memory.results())
        memory.keep(stop(job, runs, members, epoch, best, alive))
        if not alive.any():
            break
        if scalars.observe and epoch + 1 < job.plan.epochs:
            table = scalars.of(epoch + 1)
    memory.finish(runs)
    runs.outcome[:, t.SECONDS] = (perf_counter() - began) / len(runs.params)


def note_epoch(job, runs, scalars, members, epoch, results):
    """Write an epoch's column of the curves of some runs, from `block.RESULTS`."""
    data, seen = job.data, results[members].astype(np.float64)
    own = members if len(data.x) > 1 else np.zeros_like(members)
    column = runs.curves[members, :, epoch]
    loss = seen[:, block.RUN_LOSS] / data.x.shape[1]
    line = data.train_metric[own]
    column[:, t.TRAIN_LOSS] = loss
    column[:, t.TRAIN_METRIC] = line[:, 0] + line[:, 1] * seen[:, block.RUN_SCORE]
    column[:, t.GRADIENT_NORM] = seen[:, block.RUN_NORM] / steps_of(job)
    size = np.maximum(np.sqrt(seen[:, block.SIZE]), 1e-30)
    # An epoch broken off has no last step to compare with.
    with np.errstate(invalid="ignore"):
        ratio = np.where(
            np.isfinite(loss), np.sqrt(seen[:, block.MOVED]) / size, np.nan
        )
    column[:, t.UPDATE_RATIO] = ratio
    if data.x_val.shape[1]:
        loss, line = seen[:, block.VAL_LOSS] / data.x_val.shape[1], data.val_metric[own]
        column[:, t.VAL_LOSS] = loss
        column[:, t.VAL_METRIC] = line[:, 0] + line[:, 1] * seen[:, block.VAL_SCORE]
    runs.curves[members, :, epoch] = column
    runs.outcome[members, t.EPOCHS] = epoch + 1
    scalars.note(members, loss)


def stop(job, runs, members, epoch, best, alive):
    """End the runs that diverged or no longer improve. Returns int32[r], who improved.

    best: float64[r], lowest validation losses; alive: int32[r]; both in place.
    """
    plan, improved = job.plan, np.zeros(len(alive), np.int32)
    curves, outcome = runs.curves[members, :, epoch], runs.outcome
    finite = np.isfinite(curves[:, t.UPDATE_RATIO])
    if job.data.x_val.shape[1]:
        finite &= np.isfinite(curves[:, t.VAL_LOSS])
    outcome[members[~finite], t.STATUS] = t.DIVERGED
    alive[members[~finite]] = 0
    if plan.patience:
        going, loss = members[finite], curves[finite, t.VAL_LOSS]
        better = loss < best[going] - plan.min_delta
        best[going[better]] = loss[better]
        outcome[going[better], t.BEST_EPOCH] = epoch + 1
        improved[going[better]] = 1
        waited = epoch + 1 - outcome[going, t.BEST_EPOCH]
        late = going[~better & (waited >= plan.patience)]
        outcome[late, t.STATUS] = t.STOPPED_EARLY
        alive[late] = 0
    return improved


class DeviceRuns:
    """The arrays of a population on the device, and the launches of an epoch."""

    def __init__(self, job, runs, scalars):
        plan, data = job.plan, job.data
        self.job, self.r, self.dtype = job, len(runs.params), job.dtype
        self.form, self.shared, host, plain = self._form(len(scalars.hyper))
        self.train, _ = block.training_of(job.optimizer, self.form)
        self.network = [cuda.to_device(part) for part in host]
        self.plain = [*self.network[:3], cuda.to_device(plain)]
        limits = np.zeros(LIMITS, job.dtype)
        limits[[L1, L2, NORM, VALUE]] = (
            plan.l1,
            plan.l2,
            plan.clip_norm,
            plan.clip_value,
        )
        self.limits = cuda.to_device(limits)
        self.params = cuda.to_device(runs.params)
        self.predicted = self.params
        if plan.averages:
            self.predicted = cuda.to_device(runs.params)
        self.best = cuda.to_device(runs.params) if plan.patience else None
        state = runs.state.reshape(self.r, -1)
        empty = np.zeros((self.r, 1), job.dtype)
        self.state = cuda.to_device(state if state.size else empty)
        rows = data.x.shape[1]
        order = np.tile(np.arange(rows, dtype=np.int32), (self.r, 1))
        self.order, self.keys = cuda.to_device(order), cuda.to_device(runs.seed)
        self.rows = [_flat(data.x), _flat(data.y)]
        self.val_rows = data.x_val.shape[1]
        if self.val_rows:
            self.val = [_flat(data.x_val), _flat(data.y_val)]
        self.groups = cuda.to_device(scalars.groups)
        self.alive = cuda.to_device(np.ones(self.r, np.int32))
        self.sums = cuda.to_device(np.zeros((self.r, block.RESULTS), job.dtype))
        self.table = None
        self.blocks = self.r if self.shared else min(self.r, most_blocks())
        shape = (1, 1) if self.shared else (self.blocks, int(host.sizes[END]))
        self.scratch = cuda.device_array(shape, job.dtype)

    def _form(self, tables):
        """("shared", bytes, ...), or ("global", 0, ...) for too large a network."""
        for form in ("shared", "global"):
            kernel, number = block.training_of(self.job.optimizer, form)
            host, plain = network_of(self.job, tables, number, kernel.threads)
            size = int(host.sizes[END]) * host.settings.itemsize
            if form == "shared" and size <= most_shared():
                break
            size = 0
        return form, size, host, plain

    def start(self, epoch, table, alive):
        """Launch the training of an epoch."""
        self.epoch = epoch
        self.table = _sent(self.table, table)
        self.alive.copy_to_device(alive)
        if steps_of(self.job) > 1:
            shuffle.launch(
                "float32", self.r, 0, self.order, self.keys, self.alive, epoch
            )
        self.train.launch(
            self.dtype, self.blocks, 0, self.params, self.state, self.order, self.keys,
            self.alive, *self.rows, self.table, self.groups, *self.network[:3],
            self.limits, self.network[3], self.scratch, self.sums, epoch,
            shared=self.shared,
        )  # fmt: skip

    def average(self, scalars, epoch, alive):
        """The parameters to predict with, made on the host, of the runs alive."""
        optimizer, net = self.job.optimizer, self.job.net
        rule = compiled(optimizer.average, "average", self.dtype)
        params, out = self.params.copy_to_host(), self.predicted.copy_to_host()
        shape = optimizer.state_shape(net.n_params, net.matrices)
        state = self.state.copy_to_host().reshape(self.r, *shape)
        calls = (epoch + 1) * steps_of(self.job)
        for run in np.flatnonzero(alive):
            hyper = scalars.last_hyper(run)
            rule(out[run], params[run], state[run], hyper, calls, net.matrices)
        self.predicted.copy_to_device(out)

    def validate(self):
        """Launch the prediction of the validation rows, if there are some."""
        if self.val_rows:
            block.VALIDATE[self.form].launch(
                self.dtype, self.blocks, 0, self.predicted, self.alive, *self.val,
                *self.plain, self.scratch, self.sums, self.val_rows,
                shared=self.shared,
            )  # fmt: skip

    def results(self):
        """real[r, RESULTS]; waits for the device."""
        return self.sums.copy_to_host()

    def keep(self, improved):
        """Keep the parameters of the runs that have improved."""
        if improved.any():
            block.keep.launch(
                self.dtype, self.r, 0, self.best, self.predicted,
                cuda.to_device(improved),
            )  # fmt: skip

    def finish(self, runs):
        """Fetch parameters and state; the best parameters where those were kept."""
        runs.params[:] = self.predicted.copy_to_host()
        if runs.state.size:
            runs.state[:] = self.state.copy_to_host().reshape(runs.state.shape)
        if self.best is not None:
            kept = runs.outcome[:, t.BEST_EPOCH] > 0
            runs.params[kept] = self.best.copy_to_host()[kept]


def _flat(rows):
    """float[d, rows, k] as real[d rows, k] on the device."""
    return cuda.to_device(np.ascontiguousarray(rows).reshape(-1, rows.shape[2]))


def _sent(there, values):
    """Values on the device, in the array that is there if there is one."""
    if there is None:
        return cuda.to_device(values)
    there.copy_to_device(values)
    return there
