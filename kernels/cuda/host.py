"""What the host prepares of an epoch while the device makes the one before."""

import numpy as np

from .. import progress
from ..philox import shuffle
from .jit import cuda
from .scalars import Scalars


class Host:
    """The order of an epoch's rows, and the rule's scalars for each of its steps.

    follows: do the scalars depend on the losses of the epochs before? last_hyper:
    float64[k], the hyper-parameters at the last step of the epoch that was sent.
    """

    def __init__(self, job, run, steps):
        self.launches, self.stream, self.seed = steps.launches, steps.stream, run.seed
        launches = self.launches
        self.scalars = Scalars(job, run.hyper[None], launches.per_epoch)
        self.follows = self.scalars.observe is not None
        self.order = np.arange(launches.rows)
        self.sent = cuda.pinned_array(launches.rows, np.int32)
        parts, count = 1 + self.scalars.drawn, self.scalars.count
        shape = (parts * launches.per_epoch, count)
        self.table = cuda.pinned_array(shape, np.dtype(job.dtype))

    def prepare(self, epoch):
        """The order and scalars of an epoch."""
        if self.launches.per_epoch > 1:
            shuffle(self.order, epoch, *self.seed)
        self.next_table = self.scalars.of(epoch)
        self.next_hyper = self.scalars.last_hyper(0)

    def send(self):
        """Copy what was prepared to the device; the copies queue behind its work."""
        launches, count = self.launches, self.launches.per_epoch
        self.sent[:], self.table[:] = self.order, self.next_table
        self.last_hyper = self.next_hyper
        launches.order.copy_to_device(self.sent, stream=self.stream)
        launches.table.copy_to_device(self.table[:count], stream=self.stream)
        if self.scalars.drawn:
            launches.sampled.copy_to_device(self.table[count:], stream=self.stream)

    def observe(self, column):
        """Tell the schedule of an epoch's loss: validation's, else training's."""
        validated = self.launches.new_rows > 0
        loss = column[progress.VAL_LOSS if validated else progress.TRAIN_LOSS]
        self.scalars.note([0], [loss])
