"""The phases of a training step, each as a call of its own, to be measured."""

import numpy as np

from . import table
from .functions import call_loss, call_score, call_update, compiled
from .jit import jit
from .loop.backprop import backward_layer, layer_gradient, run_layers
from .loop.batch import gather
from .loop.workspace import Span, delta, output
from .memory import StepMemory
from .optimizers import OPTIMIZERS
from .passes import model, workspace


@jit
def _gather(repeats, work, x, y, order, span):
    for _ in range(repeats):
        gather(work, x, y, order, 0, span)


@jit
def _forward(repeats, net, model, p, work, span):
    for _ in range(repeats):
        run_layers(net, model, p, work, span, (0, net.segments[-1]))


@jit
def _loss(repeats, net, model, work, span, scale):
    total, last = 0.0, net.segments[-1] - 1
    for _ in range(repeats):
        z, dz = output(net, last, work, span), delta(net, last, work, span)
        total += call_loss(model.loss, dz, z, work.y, scale)
        total += call_score(model.score, z, work.y)
    return total


@jit
def _backward(repeats, net, model, p, g, work, span):
    for _ in range(repeats):
        for layer in range(net.segments[-1] - 1, -1, -1):
            backward_layer(net, model, p, work, span, layer)
            start = net.table[layer, table.START]
            part = (layer, 0, start, start + net.table[layer, table.SIZE])
            layer_gradient(net, model, g, work, span, part, False)


@jit
def _update(repeats, update, p, g, state, hyper, matrices):
    for step in range(1, repeats + 1):
        call_update(update, p, g, state, hyper, step, matrices)


def phases(net, batch, optimizer="adam", dtype="float32", seed=0):
    """{phase: call}: gather, forward, loss, backward, update of a step, in their order.

    Each call(repeats) does its phase that often, compiled, on the calling thread and on
    random data of `batch` rows. Limit BLAS to one thread around it, as `train` does.
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((4 * batch, net.inputs)).astype(dtype)
    y = np.zeros((4 * batch, net.targets), dtype)
    order = rng.permutation(len(x))
    # All deltas are kept: a backward that is repeated finds what it began with.
    arrays, sizes = net.arrays(StepMemory(all_deltas=True))
    work, passes = (
        workspace(net, sizes, batch, dtype),
        model(net.kinds, net.loss, dtype),
    )
    span, p, rule = (
        Span(0, 0, batch),
        net.init(seed, np.dtype(dtype)),
        OPTIMIZERS[optimizer],
    )
    g, state, hyper = (
        np.zeros_like(p),
        rule.init_state(p.size, p.dtype, net.matrices),
        rule.hyper(),
    )
    update = compiled(rule.rule, "update", dtype).address
    _gather(1, work, x, y, order, span)
    return {
        "gather": lambda n: _gather(n, work, x, y, order, span),
        "forward": lambda n: _forward(n, arrays, passes, p, work, span),
        "loss": lambda n: _loss(n, arrays, passes, work, span, 1 / batch),
        "backward": lambda n: _backward(n, arrays, passes, p, g, work, span),
        "update": lambda n: _update(n, update, p, g, state, hyper, net.matrices),
    }
