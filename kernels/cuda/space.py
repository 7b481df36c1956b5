"""The device's memory of one training, and the passes of a batch through the layers."""

import math

import numpy as np

from .. import sampling, table
from ..losses import LOSSES
from . import batch_place, losses, norms, rows, update
from .batch_place import advance
from .jit import cuda
from .layers import twin
from .views import flat

IDENTITY = 0


class Space:
    """Arrays on the device: parameters, what a step makes of a batch, rows of data.

    values: the batch's inputs, then each layer's outputs, real[b, o]; deltas: two,
    which layers take in turn. place, keys, limits: see `place`, `rows`, `update`.
    """

    def __init__(self, job, run, products):
        net, batch, dtype = job.net, job.plan.batch, job.dtype
        self.net, self.dtype, self.products, self.plan = net, dtype, products, job.plan
        self.table, self.batch = net.table, batch
        self.kinds = [twin(node.kind.name) for node in net.nodes]
        self.params, self.state = cuda.to_device(run.params), cuda.to_device(run.state)
        self.grad = cuda.device_array(net.n_params, dtype)
        self.before = cuda.device_array(net.n_params, dtype)
        widths = [net.inputs, *(int(row[table.OUTPUTS]) for row in self.table)]
        self.values = [cuda.device_array((batch, o), dtype) for o in widths]
        size = batch * max(widths)
        self.deltas = [cuda.device_array(size, dtype) for _ in range(2)]
        self.targets = cuda.device_array((batch, net.targets), dtype)
        self.losses, self.scores = (cuda.device_array(batch, dtype) for _ in range(2))
        parts = norms.blocks_of(net.n_params)
        self.partial = cuda.device_array(2 * parts, dtype)
        self.both = cuda.device_array(4 * parts, dtype)
        self.place = cuda.to_device(np.zeros(batch_place.PLACES, np.int32))
        self.keys = cuda.to_device(run.seed)
        plan = job.plan
        limits = [[plan.clip_norm, plan.clip_value], [math.inf] * update.LIMITS]
        self.limits, self.free = (cuda.to_device(np.array(k, dtype)) for k in limits)

    def delta(self, layer):
        """Room for dL/d(output) of a layer, real[b, o]."""
        width = int(self.table[layer][table.OUTPUTS])
        room = self.deltas[layer % 2][: self.batch * width]
        return room.reshape(self.batch, width)

    def below(self, layer):
        """What a delta of the layer's input is multiplied by: (values, number) of f'.

        The slope of the dense layer that made the input; else that of the identity.
        """
        inputs = self.values[layer]
        if layer == 0 or self.kinds[layer - 1] is not twin("dense"):
            return inputs, IDENTITY
        return inputs, int(self.table[layer - 1][table.ACTIVATION])

    def settle(self, stream, layer, dx):
        """dx times the slope of the layer below."""
        values, number = self.below(layer)
        if number != IDENTITY:
            self.chain(stream, dx, dx, values, number)

    def chain(self, stream, dx, dy, values, number):
        """dx = dy f'(values)"""
        dx, dy, values = flat(dx), flat(dy), flat(values)
        blocks = rows.chain.blocks(dx.size)
        rows.chain.launch(self.dtype, blocks, stream, dx, dy, values, number)

    def copy(self, stream, out, source):
        """out = source"""
        out, source = flat(out), flat(source)
        blocks = rows.copy.blocks(out.size)
        rows.copy.launch(self.dtype, blocks, stream, out, source)

    def advance(self, stream, count):
        """Move `place` on to the next batch of an epoch of so many rows."""
        advance.launch(self.dtype, 1, stream, self.place, self.batch, count)

    def forward(self, stream, x, y, order):
        """The layers' outputs of the batch at `place`."""
        rows.gather.launch(
            self.dtype,
            self.batch,
            stream,
            self.values[0],
            self.targets,
            x,
            y,
            order,
            self.place,
        )
        for layer, kind in enumerate(self.kinds):
            kind.forward(self, stream, layer)

    def draw_targets(self, stream):
        """Targets of the batch drawn from its outputs."""
        sampler = LOSSES[self.net.loss].sampler
        if sampler == sampling.NO_SAMPLER:
            raise ValueError(f"targets cannot be drawn for loss {self.net.loss!r}")
        losses.draw_targets.launch(
            self.dtype,
            losses.draw_targets.blocks(self.batch),
            stream,
            self.targets,
            self.values[-1],
            self.keys,
            self.place,
            sampler,
        )

    def loss(self, stream, sampled=False):
        """Losses and scores of the rows, and the last layer's delta."""
        losses.gradient.launch(
            self.dtype,
            losses.gradient.blocks(self.batch),
            stream,
            self.delta(len(self.kinds) - 1),
            self.losses,
            self.scores,
            self.values[-1],
            self.targets,
            self.place,
            LOSSES[self.net.loss].number,
            self.plan.summed,
            int(sampled),
        )

    def backward(self, stream):
        """The gradient of the batch, from the last layer's delta."""
        last = len(self.kinds) - 1
        self.settle(stream, last + 1, self.delta(last))
        for layer in range(last, -1, -1):
            kind, dy = self.kinds[layer], self.delta(layer)
            if hasattr(kind, "gradient"):
                kind.gradient(self, stream, layer, dy)
            if layer > 0:
                kind.backward(self, stream, layer, self.delta(layer - 1), dy)

    def penalise(self, stream):
        """Add the penalties on the weights to the gradient."""
        for start, i, o in self.net.matrices.tolist():
            stop, blocks = start + i * o, rows.penalise.blocks(i * o)
            rows.penalise.launch(
                self.dtype,
                blocks,
                stream,
                self.grad,
                self.params,
                start,
                stop,
                self.plan.l1,
                self.plan.l2,
            )
