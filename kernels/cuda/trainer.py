"""One network trained on a device, layer by layer; the host keeps the books.

While the device makes an epoch's steps the host prepares the next one's row order and
the rule's scalars, and waits for the device once an epoch.
"""

import math
import time

import numpy as np

from .. import progress
from ..functions import compiled
from . import norms
from .errors import device_errors, starting
from .gpu import gpu
from .host import Host
from .jit import cuda
from .library import products
from .space import Space
from .steps import Steps


def train_on_device(job, run, library="auto"):
    """Train one network; fills the params, state, curves and outcome of `run`.

    job: `Job` of an elementwise optimizer; run: `Run` of arrays on the host. library:
    what multiplies matrices, see `library.products`. Compilation is not part of the
    seconds of the outcome. Raises DeviceError where the device fails.
    """
    with device_errors():
        with starting(), gpu().lock:
            stream = cuda.stream()
            space = Space(job, run, products(library))
            steps = Steps(space, job, stream)
            host = Host(job, run, steps)
        _train(job, run, steps, host)
        space.params.copy_to_host(run.params, stream=stream)
        space.state.copy_to_host(run.state, stream=stream)


def _train(job, run, steps, host):
    """All epochs, as `training.train_serial` makes them.

    All copies are on the stream of the steps: one beside it would break off what
    another thread records meanwhile.
    """
    space, plan, keeper = steps.space, job.plan, Keeper(job.plan, run, steps)
    run.curves[:], run.outcome[:] = np.nan, 0.0
    began, trained = time.perf_counter(), None
    host.prepare(0)
    for epoch in range(plan.epochs):
        if trained is not None:
            space.params.copy_to_device(trained, stream=steps.stream)
        host.send()
        _replay(steps, job.optimizer.sampled_every, epoch)
        more = epoch + 1 < plan.epochs
        if more and not host.follows:
            host.prepare(epoch + 1)
        finite = _note(run, steps, job, epoch)
        run.outcome[progress.EPOCHS] = epoch + 1
        if plan.averages:
            trained = _average(job, steps, host, epoch)
        finite = _validate(run, steps, job, epoch) and finite
        host.observe(run.curves[:, epoch])
        if not finite:
            run.outcome[progress.STATUS] = progress.DIVERGED
            break
        if keeper.stops(epoch):
            break
        if more and host.follows:
            host.prepare(epoch + 1)
    keeper.restore()
    run.outcome[progress.SECONDS] = time.perf_counter() - began


class Keeper:
    """Early stopping: the best parameters so far, and when to give up."""

    def __init__(self, plan, run, steps):
        self.plan, self.run, self.best, self.kept = plan, run, math.inf, None
        self.params, self.stream = steps.space.params, steps.stream

    def stops(self, epoch):
        """Has the validation loss not become better for too long?"""
        plan, outcome = self.plan, self.run.outcome
        if not plan.patience:
            return False
        loss = self.run.curves[progress.VAL_LOSS, epoch]
        if progress.improved(loss, self.best, plan.min_delta):
            self.best, self.kept = loss, self.params.copy_to_host(stream=self.stream)
            outcome[progress.BEST_EPOCH] = epoch + 1
            return False
        over = progress.waited(epoch, outcome[progress.BEST_EPOCH], plan.patience)
        if over:
            outcome[progress.STATUS] = progress.STOPPED_EARLY
        return over

    def restore(self):
        """Put the best parameters in place, if any were kept."""
        if self.kept is not None:
            self.params.copy_to_device(self.kept, stream=self.stream)


def _replay(steps, sampled_every, epoch):
    """Put all steps of an epoch on the stream."""
    space, count = steps.space, steps.launches.per_epoch
    steps.begin(epoch * count)
    for k in range(count):
        if k == count - 1:
            space.copy(steps.stream, space.before, space.params)
        if sampled_every and (epoch * count + k) % sampled_every == 0:
            steps.sampled_step.replay()
            steps.step_again.replay()
        else:
            steps.step.replay()


def _note(run, steps, job, epoch):
    """Write what an epoch's steps gave; True while all of it is finite."""
    launches = steps.launches
    totals = launches.totals.copy_to_host(stream=steps.stream)
    sizes = launches.norms.copy_to_host(stream=steps.stream)
    ratio = steps.moved()
    losses, column = totals[norms.LOSS].astype(np.float64), run.curves[:, epoch]
    broken = np.flatnonzero(~np.isfinite(losses))
    # The CPU breaks an epoch off at its first loss that is not finite.
    made = slice(None) if len(broken) == 0 else slice(int(broken[0]) + 1)
    score = totals[norms.SCORE, made].sum(dtype=np.float64)
    norm = sizes[made].sum(dtype=np.float64) / launches.per_epoch
    ratio = np.nan if len(broken) else ratio
    loss, line = losses[made].sum() / launches.rows, job.data.train_metric[0]
    progress.note_training(column, line, loss, score, norm, ratio)
    return bool(np.isfinite([ratio, norm]).all()) and steps.sound()


def _validate(run, steps, job, epoch):
    """Write the validation loss and metric; True while the loss is finite."""
    new_rows = steps.launches.new_rows
    if not new_rows:
        return True
    loss, score = steps.validation()
    line, column = job.data.val_metric[0], run.curves[:, epoch]
    progress.note_validation(column, line, loss / new_rows, score)
    return math.isfinite(loss)


def _average(job, steps, host, epoch):
    """Put the parameters to predict with in place; returns those to train on."""
    space, stream = steps.space, steps.stream
    trained = space.params.copy_to_host(stream=stream)
    state, out = space.state.copy_to_host(stream=stream), np.empty_like(trained)
    rule = compiled(job.optimizer.average, "average", job.dtype)
    calls = (epoch + 1) * steps.launches.per_epoch
    rule(out, trained, state, host.last_hyper, calls, job.net.matrices)
    space.params.copy_to_device(out, stream=stream)
    return trained
