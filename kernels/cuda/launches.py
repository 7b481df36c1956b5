"""What a training's steps launch, in its order, on a stream that is given."""

import numpy as np

from . import norms
from .jit import cuda
from .update import count_of, update_kernel


class Launches:
    """The launches of a step, of one at drawn targets before it, and of a batch's
    evaluation; and the arrays that they take beside those of `space`.

    rows: of an epoch; per_epoch: its steps; pieces: batches of the new_rows to
    evaluate.
    """

    def __init__(self, space, job):
        self.space, data, plan, dtype = space, job.data, job.plan, job.dtype
        self.x, self.y = cuda.to_device(data.x[0]), cuda.to_device(data.y[0])
        self.rows, self.new_rows = data.x.shape[1], data.x_val.shape[1]
        self.per_epoch = -(-self.rows // plan.batch)
        self.pieces = -(-self.new_rows // plan.batch)
        self.update = update_kernel(job.optimizer)
        shape = (self.per_epoch, count_of(job.optimizer))
        self.table, self.sampled = (cuda.device_array(shape, dtype) for _ in range(2))
        self.norms = cuda.device_array(self.per_epoch, dtype)
        self.order = cuda.device_array(self.rows, np.int32)
        self.totals = cuda.device_array((norms.TOTALS, self.per_epoch), dtype)
        if self.new_rows:
            self.x_val = cuda.to_device(data.x_val[0])
            self.y_val = cuda.to_device(data.y_val[0])
            self.new_order = cuda.to_device(np.arange(self.new_rows, dtype=np.int32))
            self.new_totals = cuda.device_array((norms.TOTALS, self.pieces), dtype)

    def step(self, stream):
        """The next batch's gradient and update."""
        self.space.advance(stream, self.rows)
        self.gradient_and_update(stream)

    def gradient_and_update(self, stream):
        """Those of the batch at `place`."""
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

    def sampled_step(self, stream):
        """The next batch's gradient at drawn targets, and the update from that."""
        space = self.space
        space.advance(stream, self.rows)
        space.forward(stream, self.x, self.y, self.order)
        space.draw_targets(stream)
        space.loss(stream, sampled=True)
        space.backward(stream)
        self._update(stream, self.sampled, space.free)

    def evaluate(self, stream):
        """Losses and scores of the next batch of the new rows."""
        self.space.advance(stream, self.new_rows)
        self.space.forward(stream, self.x_val, self.y_val, self.new_order)
        self.space.loss(stream)
        self._total(stream, self.new_totals)

    def _update(self, stream, table, limits):
        space = self.space
        self.update.launch(
            space.dtype,
            self.update.blocks(space.params.size),
            stream,
            space.params,
            space.grad,
            space.state,
            table,
            space.place,
            self.norms,
            limits,
        )

    def _total(self, stream, totals):
        space = self.space
        norms.total.launch(
            space.dtype, 1, stream, totals, space.losses, space.scores, space.place
        )
