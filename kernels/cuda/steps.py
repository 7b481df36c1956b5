"""A training's steps on a device, each recorded once and replayed."""

import numpy as np

from . import norms
from .jit import cuda
from .norms import LOSS, SCORE, TOTALS
from .place import FIRST, INDEX, NEXT, PLACES
from .record import recorded
from .update import count_of, update_kernel


class Steps:
    """What is replayed: a step, one at drawn targets before it, a batch's evaluation.

    rows: of an epoch; per_epoch: its steps. All work is put on `stream`.
    """

    def __init__(self, space, job, stream):
        self.space, self.job, self.stream = space, job, stream
        data, plan, dtype = job.data, job.plan, job.dtype
        self.x, self.y = cuda.to_device(data.x[0]), cuda.to_device(data.y[0])
        self.rows, self.new_rows = data.x.shape[1], data.x_val.shape[1]
        self.per_epoch = -(-self.rows // plan.batch)
        self.pieces = -(-self.new_rows // plan.batch)
        optimizer = job.optimizer
        self.update = update_kernel(optimizer)
        shape = (self.per_epoch, count_of(optimizer))
        self.table, self.sampled = (cuda.device_array(shape, dtype) for _ in range(2))
        self.norms = cuda.device_array(self.per_epoch, dtype)
        self.order = cuda.device_array(self.rows, np.int32)
        self.totals = cuda.device_array((TOTALS, self.per_epoch), dtype)
        self.step = recorded(self._step, stream)
        if optimizer.sampled_every:
            self.sampled_step = recorded(self._sampled_step, stream)
            self.step_again = recorded(self._gradient_and_update, stream)
        if self.new_rows:
            self.x_val = cuda.to_device(data.x_val[0])
            self.y_val = cuda.to_device(data.y_val[0])
            self.new_order = cuda.to_device(np.arange(self.new_rows, dtype=np.int32))
            self.new_totals = cuda.device_array((TOTALS, self.pieces), dtype)
            self.evaluate = recorded(self._evaluate, stream)

    def begin(self, first):
        """Put `place` before the first batch of an epoch.

        first: steps made before it, or -1 where nothing is drawn.
        """
        place = np.zeros(PLACES, dtype=np.int32)
        place[FIRST], place[NEXT], place[INDEX] = first, 0, 0
        self.space.place.copy_to_device(place, stream=self.stream)

    def _step(self, stream):
        self.space.advance(stream, self.rows)
        self._gradient_and_update(stream)

    def _gradient_and_update(self, stream):
        space, dtype = self.space, self.space.dtype
        space.forward(stream, self.x, self.y, self.order)
        space.loss(stream)
        self._total(stream, self.totals)
        space.backward(stream)
        if space.plan.l1 or space.plan.l2:
            space.penalise(stream)
        blocks = norms.blocks_of(space.grad.size)
        norms.squares.launch(dtype, blocks, stream, space.partial, space.grad)
        norms.norm.launch(dtype, 1, stream, self.norms, space.partial, space.place)
        self._update(stream, self.table, space.limits)

    def _sampled_step(self, stream):
        space = self.space
        space.advance(stream, self.rows)
        space.forward(stream, self.x, self.y, self.order)
        space.draw_targets(stream)
        space.loss(stream, sampled=True)
        space.backward(stream)
        self._update(stream, self.sampled, space.free)

    def _update(self, stream, table, limits):
        space = self.space
        self.update.launch(
            space.dtype, self.update.blocks(space.params.size), stream, space.params,
            space.grad, space.state, table, space.place, self.norms, limits,
        )  # fmt: skip

    def _total(self, stream, totals):
        space = self.space
        norms.total.launch(
            space.dtype, 1, stream, totals, space.losses, space.scores, space.place
        )

    def _evaluate(self, stream):
        self.space.advance(stream, self.new_rows)
        self.space.forward(stream, self.x_val, self.y_val, self.new_order)
        self.space.loss(stream)
        self._total(stream, self.new_totals)

    def validation(self):
        """(sum of losses, sum of scores) over the validation rows."""
        self.begin(-1)
        for _ in range(self.pieces):
            self.evaluate()
        totals = self.new_totals.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        sums = totals.sum(axis=1, dtype=np.float64)
        return float(sums[LOSS]), float(sums[SCORE])

    def sound(self):
        """Is every number that the optimizer keeps finite?"""
        space = self.space
        if not space.state.shape[0]:
            return True
        norms.unsound.launch(
            space.dtype, space.partial.size, self.stream, space.partial, space.state
        )
        counts = space.partial.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        return not counts.any()

    def moved(self):
        """|last step| / |parameters before it|, of float64."""
        space, blocks = self.space, norms.blocks_of(self.space.params.size)
        norms.moved.launch(
            space.dtype, blocks, self.stream, space.both, space.before, space.params
        )
        both = space.both.copy_to_host(stream=self.stream)
        self.stream.synchronize()
        step, size = both.reshape(2, blocks).sum(axis=1, dtype=np.float64)
        return float(np.sqrt(step) / max(np.sqrt(size), 1e-30))
