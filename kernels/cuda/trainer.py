"""One network trained on a device, layer by layer; the host keeps the books.

While the device makes an epoch's steps the host prepares the next one's row order and
the rule's scalars, and waits for the device once an epoch.
"""

import math
import time

import numpy as np
from numba import cuda

from .. import training
from ..functions import compiled
from ..philox import shuffle
from ..schedule import MEMORY, ignore
from ..schedules import SCHEDULES
from . import tables
from .errors import device_errors
from .library import products
from .norms import LOSS, SCORE
from .space import Space
from .steps import Steps
from .update import count_of


def train_on_device(job, run, library="auto"):
    """Train one network; fills the params, state, curves and outcome of `run`.

    job: `Job` of an elementwise optimizer; run: `Run` of arrays on the host. library:
    what multiplies matrices, see `library.products`. Compilation is not part of the
    seconds of the outcome. Raises DeviceError where the device fails.
    """
    with device_errors():
        stream = cuda.stream()
        space = Space(job, run, products(library))
        steps = Steps(space, job, stream)
        _train(job, run, space, steps)
        space.params.copy_to_host(run.params)
        space.state.copy_to_host(run.state)


def _train(job, run, space, steps):
    """All epochs, as `training.train_serial` makes them."""
    plan, stream = job.plan, steps.stream
    run.curves[:], run.outcome[:] = np.nan, 0.0
    began, best, kept = time.perf_counter(), math.inf, None
    host = _Host(job, run, steps)
    host.prepare(0)
    for epoch in range(plan.epochs):
        if plan.averages and epoch > 0:
            space.params.copy_to_device(trained, stream=stream)
        host.send(epoch)
        _replay(space, steps, plan, job.optimizer.sampled_every, epoch)
        if not host.follows and epoch + 1 < plan.epochs:
            host.prepare(epoch + 1)
        finite = _note(run, steps, job, epoch)
        run.outcome[training.EPOCHS] = epoch + 1
        if plan.averages:
            trained = _average(job, run, space, steps, host, epoch)
        finite = _validate(run, steps, job, epoch) and finite
        host.observe(run.curves[:, epoch])
        if not finite:
            run.outcome[training.STATUS] = training.DIVERGED
            break
        if host.follows and epoch + 1 < plan.epochs:
            host.prepare(epoch + 1)
        if plan.patience:
            loss = run.curves[training.VAL_LOSS, epoch]
            if loss < best - plan.min_delta:
                best, kept = loss, space.params.copy_to_host()
                run.outcome[training.BEST_EPOCH] = epoch + 1
            elif epoch + 1 - run.outcome[training.BEST_EPOCH] >= plan.patience:
                run.outcome[training.STATUS] = training.STOPPED_EARLY
                break
    if kept is not None:
        space.params.copy_to_device(kept)
    stream.synchronize()
    run.outcome[training.SECONDS] = time.perf_counter() - began


def _replay(space, steps, plan, sampled_every, epoch):
    """Put all steps of an epoch on the stream."""
    steps.begin(epoch * steps.per_epoch)
    for k in range(steps.per_epoch):
        if k == steps.per_epoch - 1:
            space.copy(steps.stream, space.before, space.params)
        if sampled_every and (epoch * steps.per_epoch + k) % sampled_every == 0:
            steps.sampled_step()
            steps.step_again()
        else:
            steps.step()


def _note(run, steps, job, epoch):
    """Write what an epoch's steps gave; True while all of it is finite."""
    totals = steps.totals.copy_to_host(stream=steps.stream)
    norms = steps.norms.copy_to_host(stream=steps.stream)
    ratio = steps.moved()
    losses, column = totals[LOSS].astype(np.float64), run.curves[:, epoch]
    broken = np.flatnonzero(~np.isfinite(losses))
    # The CPU breaks an epoch off at its first loss that is not finite.
    made = slice(None) if len(broken) == 0 else slice(int(broken[0]) + 1)
    metric = job.data.train_metric[0]
    column[training.TRAIN_LOSS] = losses[made].sum() / steps.rows
    score = totals[SCORE, made].sum(dtype=np.float64)
    column[training.TRAIN_METRIC] = metric[0] + metric[1] * score
    norm = norms[made].sum(dtype=np.float64)
    column[training.GRADIENT_NORM] = norm / steps.per_epoch
    column[training.UPDATE_RATIO] = np.nan if len(broken) else ratio
    return bool(np.isfinite(column[training.UPDATE_RATIO]))


def _validate(run, steps, job, epoch):
    """Write the validation loss and metric; True while the loss is finite."""
    if not steps.new_rows:
        return True
    loss, score = steps.validation()
    metric, column = job.data.val_metric[0], run.curves[:, epoch]
    column[training.VAL_LOSS] = loss / steps.new_rows
    column[training.VAL_METRIC] = metric[0] + metric[1] * score
    return math.isfinite(loss)


def _average(job, run, space, steps, host, epoch):
    """Put the parameters to predict with in place; returns those to train on."""
    trained = space.params.copy_to_host()
    state, out = space.state.copy_to_host(), np.empty_like(trained)
    rule = compiled(job.optimizer.average, "average", job.dtype)
    calls = (epoch + 1) * steps.per_epoch
    rule(out, trained, state, host.last_hyper, calls, job.net.matrices)
    space.params.copy_to_device(out)
    return trained


class _Host:
    """What the host prepares of an epoch: the order of the rows, and the scalars.

    follows: do the scalars depend on the losses of the epochs before?
    """

    def __init__(self, job, run, steps):
        self.job, self.steps, self.seed, self.hyper = job, steps, run.seed, run.hyper
        shape = (steps.per_epoch, count_of(job.optimizer))
        self.order = np.arange(steps.rows)
        self.sent = cuda.pinned_array(steps.rows, np.int32)
        self.table, self.sampled = (
            cuda.pinned_array(shape, np.dtype(job.dtype)) for _ in range(2)
        )
        self.memory = np.zeros(MEMORY)
        self.schedule = SCHEDULES[job.settings.schedule]
        self.follows = self.schedule.observe is not ignore
        self.last_hyper = run.hyper.copy()

    def prepare(self, epoch):
        """The order and scalars of an epoch."""
        job, steps = self.job, self.steps
        if steps.per_epoch > 1:
            shuffle(self.order, epoch, *self.seed)
        first = epoch * steps.per_epoch
        self.factors = tables.factors(
            job.settings, job.dtype, first, steps.per_epoch,
            steps.per_epoch * job.plan.epochs, self.memory,
        )  # fmt: skip
        arguments = (job.optimizer, self.hyper, self.factors, first + 1)
        self.next_table = np.empty_like(self.table)
        tables.fill(self.next_table, *arguments)
        if job.optimizer.sampled_every:
            self.next_sampled = np.empty_like(self.sampled)
            tables.fill(self.next_sampled, *arguments, sign=-1)

    def send(self, epoch):
        """Copy what was prepared to the device; the copies queue behind its work."""
        steps = self.steps
        self.sent[:], self.table[:] = self.order, self.next_table
        self.last_hyper[0] = self.hyper[0] * self.factors[-1]
        steps.order.copy_to_device(self.sent, stream=steps.stream)
        steps.table.copy_to_device(self.table, stream=steps.stream)
        if self.job.optimizer.sampled_every:
            self.sampled[:] = self.next_sampled
            steps.sampled.copy_to_device(self.sampled, stream=steps.stream)

    def observe(self, column):
        """Tell the schedule of an epoch's loss: validation's, else training's."""
        loss = column[training.VAL_LOSS if self.steps.new_rows else training.TRAIN_LOSS]
        rule = compiled(self.schedule.observe, "observe", self.job.dtype)
        options = self.schedule.values(self.job.settings.schedule_options)
        rule(self.memory, loss, options)
