"""A population of small networks on a device: a block trains a network.

An epoch is a launch or three, for all runs at once, and one wait for their sums; what
follows from those (curves, early stopping, divergence) is decided on the host, as
`training.train_serial` does.
"""

from time import perf_counter

import numpy as np

from .. import progress as t
from . import block
from .device_runs import DeviceRuns
from .errors import starting
from .gpu import gpu
from .jit import cuda
from .scalars import Scalars
from .shapes import steps_of


def train_population_on_device(job, runs):
    """Train every network of stacked runs, as `Job.train_population` does; in place.

    The optimizer must be elementwise, of one gradient a step, and the memory plan the
    plain one. A run's seconds are the population's wall time by the number of runs:
    the device works on many at a time.
    """
    began = perf_counter()
    runs.curves[:], runs.outcome[:] = np.nan, 0.0
    scalars = Scalars(job, runs.hyper, steps_of(job))
    with starting(), gpu().lock:
        memory = DeviceRuns(job, runs, scalars, cuda.stream())
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
        results = memory.results()
        note_epoch(job, runs, scalars, members, epoch, results)
        unsound = results[members, block.UNSOUND]
        memory.keep(stop(job, runs, members, epoch, best, alive, unsound))
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
    columns = runs.curves[members, :, epoch]
    loss = seen[:, block.RUN_LOSS] / data.x.shape[1]
    line, score = data.train_metric[own].T, seen[:, block.RUN_SCORE]
    norm = seen[:, block.RUN_NORM] / steps_of(job)
    size = np.maximum(seen[:, block.SIZE], 1e-30)
    # An epoch broken off has no last step to compare with.
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isfinite(loss), seen[:, block.MOVED] / size, np.nan)
        t.note_training(columns.T, line, loss, score, norm, ratio)
        if data.x_val.shape[1]:
            loss = seen[:, block.VAL_LOSS] / data.x_val.shape[1]
            line, score = data.val_metric[own].T, seen[:, block.VAL_SCORE]
            t.note_validation(columns.T, line, loss, score)
    runs.curves[members, :, epoch] = columns
    runs.outcome[members, t.EPOCHS] = epoch + 1
    scalars.note(members, loss)


def stop(job, runs, members, epoch, best, alive, unsound):
    """End the runs that diverged or no longer improve. Returns int32[r], who improved.

    unsound: of each member, how many numbers of its state are not finite; best:
    float64[r], lowest validation losses; alive: int32[r]; both in place.
    """
    plan, improved = job.plan, np.zeros(len(alive), np.int32)
    curves, outcome = runs.curves[members, :, epoch], runs.outcome
    finite = np.isfinite(curves[:, [t.UPDATE_RATIO, t.GRADIENT_NORM]]).all(axis=1)
    finite &= unsound == 0
    if job.data.x_val.shape[1]:
        finite &= np.isfinite(curves[:, t.VAL_LOSS])
    outcome[members[~finite], t.STATUS] = t.DIVERGED
    alive[members[~finite]] = 0
    if plan.patience:
        going, loss = members[finite], curves[finite, t.VAL_LOSS]
        better = t.improved(loss, best[going], plan.min_delta)
        best[going[better]] = loss[better]
        outcome[going[better], t.BEST_EPOCH] = epoch + 1
        improved[going[better]] = 1
        over = t.waited(epoch, outcome[going, t.BEST_EPOCH], plan.patience)
        late = going[~better & over]
        outcome[late, t.STATUS] = t.STOPPED_EARLY
        alive[late] = 0
    return improved
