"""A batch in pieces: gradients added in a fixed order, and passes without gradient.

A mini-batch larger than a piece is split in pieces of a fixed size. Their gradients are
added in their order, so a result does not depend on how many threads compute them.
`serial_gradient`, `sharded_gradient` and `evaluate` are plain functions: the training
loop calls them by address, so their code is compiled once and not again with the loop.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from .backprop import Model, Workspace, delta, output, piece_gradient, run_layers
from .copies import copy
from .jit import inner, jit
from .table import EVALUATE


class Scratch(NamedTuple):
    """Memory of one thread's training.

    grads: float[k, n], the gradient and those of pieces computed beside it; before:
    float[n]; hyper: float64[h]; order: int64[rows]; sums: float64[s, 2], loss and score
    of each piece; pieces: s Workspaces, stacked.
    """

    grads: np.ndarray
    before: np.ndarray
    hyper: np.ndarray
    order: np.ndarray
    sums: np.ndarray
    pieces: Workspace


@inner
def select(stacked, index):
    """The Workspace at an index of stacked ones."""
    return Workspace(
        stacked.x[index],
        stacked.y[index],
        stacked.activations[index],
        stacked.deltas[index],
        stacked.stored[index],
        stacked.draw[index],
    )


@inner
def gather(work, x, y, order, start, rows):
    """Copy `rows` rows of x and y into the workspace, in the order given."""
    for r in range(rows):
        source = order[start + r]
        for c in range(x.shape[1]):
            work.x[r, c] = x[source, c]
        for c in range(y.shape[1]):
            work.y[r, c] = y[source, c]
    return work.x[:rows], work.y[:rows]


@inner
def one_piece(net, model, p, scratch, x, y, batch, place):
    """Gradient of one piece of a batch, into grads[buffer] and sums[slot].

    batch: (first row, rows, step, scale) of the whole batch; place: (piece, slot,
    buffer).
    """
    piece, slot, buffer = place
    work = select(scratch.pieces, slot)
    first = piece * work.x.shape[0]
    rows = min(work.x.shape[0], batch[1] - first)
    work.draw[2], work.draw[3] = batch[2], first
    xb, yb = gather(work, x, y, scratch.order, batch[0] + first, rows)
    loss, score = piece_gradient(
        net, model, p, scratch.grads[buffer], xb, yb, work, batch[3]
    )
    scratch.sums[slot, 0], scratch.sums[slot, 1] = loss, score


@jit
def add_to(total, part):
    """total += part. float[n], in place."""
    for i in range(total.size):
        total[i] += part[i]


def serial_gradient(net, model, p, scratch, x, y, batch):
    """Gradient of a batch into grads[0], one piece after the other.

    batch: (first row, rows, step, scale). Returns the sums of losses and scores.
    """
    capacity = scratch.pieces.x.shape[1]
    loss, score = 0.0, 0.0
    for piece in range((batch[1] + capacity - 1) // capacity):
        buffer = 1 if piece > 0 else 0
        one_piece(net, model, p, scratch, x, y, batch, (piece, 0, buffer))
        loss += scratch.sums[0, 0]
        score += scratch.sums[0, 1]
        if piece > 0:
            add_to(scratch.grads[0], scratch.grads[1])
    return loss, score


@jit(parallel=True)
def _pieces_at_once(net, model, p, scratch, x, y, batch, wave):
    """`one_piece` for each piece of wave (first piece, count), on its own thread."""
    # prange takes tuples apart one level deep: nested ones are put together inside.
    forward, backward, loss, score = model
    grads, before, hyper, order, sums, pieces = scratch
    px, py, activations, deltas, stored, draw = pieces
    for k in prange(wave[1]):
        whole = Model(forward, backward, loss, score)
        work = Workspace(px, py, activations, deltas, stored, draw)
        mine = Scratch(grads, before, hyper, order, sums, work)
        slot = np.int64(k)
        buffer = slot + 1 if wave[0] > 0 else slot
        one_piece(net, whole, p, mine, x, y, batch, (wave[0] + slot, slot, buffer))


def sharded_gradient(net, model, p, scratch, x, y, batch):
    """As `serial_gradient`, with pieces computed side by side on all threads.

    Pieces are added in their order, so the result is that of `serial_gradient`.
    """
    slots, capacity = scratch.pieces.x.shape[0], scratch.pieces.x.shape[1]
    pieces = (batch[1] + capacity - 1) // capacity
    loss, score = 0.0, 0.0
    for first in range(0, pieces, slots):
        count = min(slots, pieces - first)
        _pieces_at_once(net, model, p, scratch, x, y, batch, (first, count))
        for slot in range(count):
            loss += scratch.sums[slot, 0]
            score += scratch.sums[slot, 1]
            if first + slot > 0:
                buffer = slot + 1 if first > 0 else slot
                add_to(scratch.grads[0], scratch.grads[buffer])
    return loss, score


def evaluate(net, model, p, work, x, y):
    """Mean loss and summed score over all rows, without dropout or noise."""
    rows, capacity = x.shape[0], work.x.shape[0]
    last, loss, score = net.segments[-1], 0.0, 0.0
    work.draw[2] = EVALUATE
    for start in range(0, rows, capacity):
        stop = min(rows, start + capacity)
        xb, yb = work.x[: stop - start], work.y[: stop - start]
        copy(xb, x[start:stop])
        copy(yb, y[start:stop])
        run_layers(net, model.forward, p, xb, work, net.segments[0], last)
        z = output(net, last - 1, xb, work, stop - start)
        loss += model.loss(delta(work, last - 1, stop - start, z.shape[1]), z, yb, 0.0)
        score += model.score(z, yb)
    return loss / rows, score


@jit
def predict(net, model, p, work, x, out):
    """out = the network's output for all rows, in pieces. out: float[rows, o]."""
    last, capacity = net.segments[-1], work.x.shape[0]
    work.draw[2] = EVALUATE
    for start in range(0, x.shape[0], capacity):
        stop = min(x.shape[0], start + capacity)
        xb = work.x[: stop - start]
        copy(xb, x[start:stop])
        run_layers(net, model.forward, p, xb, work, net.segments[0], last)
        copy(out[start:stop], output(net, last - 1, xb, work, stop - start))
