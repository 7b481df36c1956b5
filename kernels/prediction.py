"""The output of a network for many rows, in blocks that stay in the cache."""

import numpy as np
from numba import prange
from numba.np.ufunc import get_thread_id

from .backprop import Columns, Model, Span, Workspace, output, run_layers
from .copies import copy
from .jit import inner, jit
from .table import EVALUATE


@inner
def predict_block(net, model, p, work, x, out):
    """out = the network's output for the rows of x. work: of at least as many rows."""
    last, span = net.segments[-1], Span(0, 0, x.shape[0])
    work.draws[0, 2] = EVALUATE
    copy(work.x[: span.rows], x)
    run_layers(net, model.forward, p, work, span, (net.segments[0], last))
    copy(out, output(net, last - 1, work, span))


@inner
def select(stacked, index):
    """The Workspace at an index of stacked ones."""
    return Workspace(
        stacked.x[index],
        stacked.y[index],
        stacked.activations[index],
        stacked.deltas[index],
        stacked.stored[index],
        stacked.draws[index],
    )


@jit
def predict_rows(net, model, p, stacked, x, out):
    """out = the network's output for all rows of x. out: float[rows, o]."""
    work = select(stacked, 0)
    block = work.x.shape[0]
    for start in range(0, x.shape[0], block):
        stop = min(x.shape[0], start + block)
        predict_block(net, model, p, work, x[start:stop], out[start:stop])


@jit(parallel=True)
def predict_blocks(net, model, p, stacked, x, out):
    """As `predict_rows`, with blocks side by side. stacked: a Workspace per thread."""
    # prange takes tuples apart one level deep: nested ones are put together inside.
    forward, backward, gradients, columns, loss, score = model
    some_forward, settle, some_backward = columns
    block = stacked.x.shape[1]
    for k in prange((x.shape[0] + block - 1) // block):
        some = Columns(some_forward, settle, some_backward)
        passes = Model(forward, backward, gradients, some, loss, score)
        start = np.int64(k) * block
        stop = min(x.shape[0], start + block)
        work = select(stacked, get_thread_id())
        predict_block(net, passes, p, work, x[start:stop], out[start:stop])
