"""What a device keeps of a population, and the launches of an epoch."""

import numpy as np

from .. import progress as t
from ..functions import compiled
from . import arena, block, rules
from .gpu import gpu
from .jit import cuda
from .shapes import most_blocks, network_of, steps_of
from .shuffle import shuffle


class DeviceRuns:
    """The arrays of a population on the device, and the launches of an epoch.

    Once they are there all work and copies are on `stream`: a copy beside it would
    break off what another thread records meanwhile.
    """

    def __init__(self, job, runs, scalars, stream):
        self.job, self.r, self.dtype = job, len(runs.params), job.dtype
        self.stream = stream
        self.form, self.shared, host, plain = self._form(len(scalars.hyper))
        self.train, _ = block.training_of(job.optimizer, self.form)
        self.train.code(self.dtype)  # what does not compile fails before anything runs
        self.network = [cuda.to_device(part) for part in host]
        self.plain = [*self.network[:3], cuda.to_device(plain)]
        self.blocks = self.r if self.shared else min(self.r, most_blocks())
        shape = (1, 1) if self.shared else (self.blocks, int(host.sizes[arena.END]))
        self.scratch = cuda.device_array(shape, job.dtype)
        self.sums = cuda.to_device(np.zeros((self.r, block.RESULTS), job.dtype))
        self.alive = cuda.to_device(np.ones(self.r, np.int32))
        self.improved = cuda.to_device(np.zeros(self.r, np.int32))
        self.groups = cuda.to_device(scalars.groups)
        self.table = cuda.device_array(scalars.shape, job.dtype)
        self.epoch = 0
        self._send_runs(runs)
        self._send_rows(job.data)

    def _send_runs(self, runs):
        """Parameters, state and random keys of the runs; the settings of all."""
        plan = self.job.plan
        self.params = self.predicted = cuda.to_device(runs.params)
        if plan.averages:
            self.predicted = cuda.to_device(runs.params)
        self.best = cuda.to_device(runs.params) if plan.patience else None
        state = runs.state.reshape(self.r, -1)
        nothing = np.zeros((self.r, 1), self.dtype)
        self.state = cuda.to_device(state if state.size else nothing)
        self.keys = cuda.to_device(runs.seed)
        limits = np.zeros(rules.LIMITS, self.dtype)
        limits[[rules.L1, rules.L2, rules.NORM, rules.VALUE]] = (
            plan.l1,
            plan.l2,
            plan.clip_norm,
            plan.clip_value,
        )
        self.limits = cuda.to_device(limits)

    def _send_rows(self, data):
        """The rows of all sets, and the order of each run."""
        rows = np.arange(data.x.shape[1], dtype=np.int32)
        self.order = cuda.to_device(np.tile(rows, (self.r, 1)))
        self.rows = [_flat(data.x), _flat(data.y)]
        self.val_rows = data.x_val.shape[1]
        if self.val_rows:
            self.val = [_flat(data.x_val), _flat(data.y_val)]

    def _form(self, tables):
        """Form, bytes of shared memory, the network's arrays, its sizes to predict."""
        for form in block.TRAIN:
            kernel, number = block.training_of(self.job.optimizer, form)
            host, plain = network_of(self.job, tables, number, kernel.threads)
            size = int(host.sizes[arena.END]) * host.settings.itemsize
            if form == "shared" and size <= gpu().dynamic:
                return form, size, host, plain
        return form, 0, host, plain

    def start(self, epoch, table, alive):
        """Launch the training of an epoch."""
        self.epoch = epoch
        self._send(self.table, table)
        self._send(self.alive, alive)
        if steps_of(self.job) > 1:
            order = self.order, self.keys, self.alive
            shuffle.launch("float32", self.r, self.stream, *order, epoch)
        self.train.launch(
            self.dtype,
            self.blocks,
            self.stream,
            self.params,
            self.state,
            self.order,
            self.keys,
            self.alive,
            *self.rows,
            self.table,
            self.groups,
            *self.network[:3],
            self.limits,
            self.network[3],
            self.scratch,
            self.sums,
            epoch,
            shared=self.shared,
        )

    def _send(self, there, values):
        there.copy_to_device(values, stream=self.stream)

    def _fetched(self, there):
        return there.copy_to_host(stream=self.stream)

    def average(self, scalars, epoch, alive):
        """The parameters to predict with, made on the host, of the runs alive."""
        optimizer, net = self.job.optimizer, self.job.net
        rule = compiled(optimizer.average, "average", self.dtype)
        params, out = self._fetched(self.params), self._fetched(self.predicted)
        shape = optimizer.state_shape(net.n_params, net.matrices)
        state = self._fetched(self.state).reshape(self.r, *shape)
        calls = (epoch + 1) * steps_of(self.job)
        for run in np.flatnonzero(alive):
            hyper = scalars.last_hyper(run)
            rule(out[run], params[run], state[run], hyper, calls, net.matrices)
        self._send(self.predicted, out)

    def validate(self):
        """Launch the prediction of the validation rows, if there are some."""
        if self.val_rows:
            block.VALIDATE[self.form].launch(
                self.dtype,
                self.blocks,
                self.stream,
                self.predicted,
                self.alive,
                *self.val,
                *self.plain,
                self.scratch,
                self.sums,
                self.val_rows,
                shared=self.shared,
            )

    def results(self):
        """real[r, RESULTS]; waits for the device."""
        return self._fetched(self.sums)

    def keep(self, improved):
        """Keep the parameters of the runs that have improved."""
        if improved.any():
            self._send(self.improved, improved)
            arrays = self.best, self.predicted, self.improved
            block.keep.launch(self.dtype, self.r, self.stream, *arrays)

    def finish(self, runs):
        """Fetch parameters and state; the best parameters where those were kept."""
        runs.params[:] = self._fetched(self.predicted)
        if runs.state.size:
            runs.state[:] = self._fetched(self.state).reshape(runs.state.shape)
        if self.best is not None:
            kept = runs.outcome[:, t.BEST_EPOCH] > 0
            runs.params[kept] = self._fetched(self.best)[kept]


def _flat(rows):
    """float[d, rows, k] as real[d rows, k] on the device."""
    return cuda.to_device(np.ascontiguousarray(rows).reshape(-1, rows.shape[2]))
