"""What the host prepares of an epoch while the device makes the one before."""

import numpy as np

from .. import training
from ..functions import compiled
from ..philox import shuffle
from ..schedule import MEMORY, ignore
from ..schedules import SCHEDULES
from . import tables
from .jit import cuda
from .update import count_of


class Host:
    """The order of an epoch's rows, and the rule's scalars for each of its steps.

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
