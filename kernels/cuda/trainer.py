"""One network trained on a device, layer by layer; the host keeps the books.

While the device makes an epoch's steps the host prepares the next one's row order and
the rule's scalars, and waits for the device once an epoch.
"""

import math
import time

import numpy as np

from .. import training
from ..functions import compiled
from .errors import device_errors
from .host import Host
from .jit import cuda
from .library import products
from .norms import LOSS, SCORE
from .space import Space
from .steps import Steps


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
    plan, host, keeper = job.plan, Host(job, run, steps), Keeper(job.plan, run)
    run.curves[:], run.outcome[:] = np.nan, 0.0
    began, trained = time.perf_counter(), None
    host.prepare(0)
    for epoch in range(plan.epochs):
        if trained is not None:
            space.params.copy_to_device(trained, stream=steps.stream)
        host.send()
        _replay(space, steps, job.optimizer.sampled_every, epoch)
        more = epoch + 1 < plan.epochs
        if more and not host.follows:
            host.prepare(epoch + 1)
        finite = _note(run, steps, job, epoch)
        run.outcome[training.EPOCHS] = epoch + 1
        if plan.averages:
            trained = _average(job, space, steps, host, epoch)
        finite = _validate(run, steps, job, epoch) and finite
        host.observe(run.curves[:, epoch])
        if not finite:
            run.outcome[training.STATUS] = training.DIVERGED
            break
        if keeper.stops(space, epoch):
            break
        if more and host.follows:
            host.prepare(epoch + 1)
    keeper.restore(space)
    run.outcome[training.SECONDS] = time.perf_counter() - began


class Keeper:
    """Early stopping: the best parameters so far, and when to give up."""

    def __init__(self, plan, run):
        self.plan, self.run, self.best, self.kept = plan, run, math.inf, None

    def stops(self, space, epoch):
        """Has the validation loss not become better for too long?"""
        plan, outcome = self.plan, self.run.outcome
        if not plan.patience:
            return False
        loss = self.run.curves[training.VAL_LOSS, epoch]
        if loss < self.best - plan.min_delta:
            self.best, self.kept = loss, space.params.copy_to_host()
            outcome[training.BEST_EPOCH] = epoch + 1
            return False
        if epoch + 1 - outcome[training.BEST_EPOCH] < plan.patience:
            return False
        outcome[training.STATUS] = training.STOPPED_EARLY
        return True

    def restore(self, space):
        """Put the best parameters in place, if any were kept."""
        if self.kept is not None:
            space.params.copy_to_device(self.kept)


def _replay(space, steps, sampled_every, epoch):
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
    seen = column[[training.UPDATE_RATIO, training.GRADIENT_NORM]]
    return bool(np.isfinite(seen).all()) and steps.sound()


def _validate(run, steps, job, epoch):
    """Write the validation loss and metric; True while the loss is finite."""
    if not steps.new_rows:
        return True
    loss, score = steps.validation()
    metric, column = job.data.val_metric[0], run.curves[:, epoch]
    column[training.VAL_LOSS] = loss / steps.new_rows
    column[training.VAL_METRIC] = metric[0] + metric[1] * score
    return math.isfinite(loss)


def _average(job, space, steps, host, epoch):
    """Put the parameters to predict with in place; returns those to train on."""
    trained = space.params.copy_to_host()
    state, out = space.state.copy_to_host(), np.empty_like(trained)
    rule = compiled(job.optimizer.average, "average", job.dtype)
    calls = (epoch + 1) * steps.per_epoch
    rule(out, trained, state, host.last_hyper, calls, job.net.matrices)
    space.params.copy_to_device(out)
    return trained
