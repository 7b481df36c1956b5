"""Passes over a network outside of training, and what any pass needs.

A pass needs the compiled functions of the network's layers, and memory for its rows.
"""

from functools import cache

import numpy as np

from .functions import LAYER_ROLES, compiled
from .loop.gradient import gradient
from .loop.prediction import predict_rows
from .loop.workspace import Model, Span, Workspace
from .memory import aligned, padded
from .threads import chosen_threads, one_blas_thread, share
from .watch import new_watch
from .weighted import loss_named

PREDICT_ROWS = 512  # rows per piece: its activations stay in the second-level cache
PREDICT_NUMBERS = 2**25  # of a piece at most, where a row holds many: attention


@cache
def model(kinds, loss, dtype):
    """The `Model` of kinds of layers and a loss, compiled at first use, then kept."""
    functions = [[getattr(kind, role) for kind in kinds] for role in LAYER_ROLES]
    addresses = [
        [compiled(function, role, dtype).address for function in row]
        for role, row in zip(LAYER_ROLES, functions, strict=True)
    ]
    return Model(
        np.array(addresses, dtype=np.int64),
        compiled(loss_named(loss).loss, "loss", dtype).address,
        compiled(loss_named(loss).score, "score", dtype).address,
    )


def workspace(network, sizes, rows, dtype, spans=1, stack=()):
    """A `Workspace` for up to `rows` rows in spans; `stack` puts axes in front."""
    return Workspace(
        aligned((*stack, rows, network.inputs), dtype),
        aligned((*stack, rows, network.targets), dtype),
        aligned((*stack, rows * sizes.activations), dtype),
        aligned((*stack, rows * sizes.deltas), dtype),
        np.empty((*stack, rows * sizes.stored), dtype=np.uint16),
        np.zeros((*stack, padded(spans, 20), 5), dtype=np.uint32),
    )


def predict(network, params, x, threads):
    """The outputs of a network, float[b, o], of checked x: float[b, i]."""
    dtype = params.dtype.name
    out = np.empty((len(x), network.outputs), dtype=dtype)
    net, sizes = network.arrays()
    most = min(PREDICT_ROWS, max(1, PREDICT_NUMBERS // sizes.activations))
    rows = min(len(x), most) or 1
    threads = min(chosen_threads(threads), -(-len(x) // rows) or 1)
    work = workspace(network, sizes, rows, dtype, stack=(threads,))
    passes = model(network.kinds, network.loss, dtype)
    counter = np.zeros(1, dtype=np.int64)

    def predict_blocks(thread):
        predict_rows(net, passes, params, work, x, out, counter, thread)

    with one_blas_thread():
        share(predict_blocks, threads, lambda: counter.fill(len(x)))
    return out


def loss_and_grad(network, params, x, y):
    """(mean loss, its gradient float[n_params]) of checked x, y: float[b, .], b > 0."""
    dtype = params.dtype.name
    grad = np.empty(network.n_params, dtype)
    net, sizes = network.arrays()
    work = workspace(network, sizes, len(x), dtype)
    work.x[:], work.y[:] = x, y
    passes, scale = model(network.kinds, network.loss, dtype), 1 / len(x)
    span = Span(0, 0, len(x))
    with one_blas_thread():
        loss, _ = gradient(
            net, passes, params, grad, new_watch(net), work, span, scale, False
        )
    return loss / len(x), grad
