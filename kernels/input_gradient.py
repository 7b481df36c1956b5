"""The derivative of a network's outputs by its inputs: what a small change would do.

An input has no delta in a training, which needs none. Here a layer that hands on what
it is given comes first, and its delta is the derivative; no kernel of the layers
changes. Source: backpropagation to the inputs, Simonyan, Vedaldi & Zisserman (2014),
Deep inside convolutional networks, section 3.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from . import table
from .elementwise import copy
from .jit import jit
from .layer import Layer, Node
from .layers.activation import Activation
from .loop.backprop import backward_layer, run_layers
from .loop.workspace import Span, delta, output
from .network import Network, check_network
from .passes import PREDICT_NUMBERS, PREDICT_ROWS, model, workspace
from .threads import one_blas_thread
from .validation import check_floats, check_rows


def input_gradient(net, params, x, weights=None):
    """float[b, i]: of each row, the derivative of a weighted sum of outputs by x.

    dx[r, i] = sum over o of weights[r, o] d out[r, o] / d x[r, i], with dropout and
    noise off. params: float[n_values], of the dtype of the result; x: float[b, i], or
    [b, *shape]; weights: float[b, o], or [o] for all rows, None: 1 for every output. A
    row of zeros but for a 1 asks for one output. TypeError or ValueError in one
    sentence on another network, shape, dtype or value, and on layers without a
    derivative, or whose inputs are numbers of words.
    """
    check_network(net)
    dtype = check_floats("params", params, (net.n_values,))
    net.check_trainable()
    _check_differentiable(net)
    x = net.check_rows("x", x, dtype)
    dx = np.empty_like(x)
    _fill(dx, _with_input(net), params, x, _weights(net, weights, len(x), dtype))
    return dx


def _check_differentiable(net):
    """ValueError where a layer reads inputs that cannot change by a little."""
    for number, node in enumerate(net.nodes):
        looks_up = type(node.layer).check_input is not Layer.check_input
        if node.source < 0 and looks_up:
            raise ValueError(
                f"layer{number}, {node.layer}, looks up whole numbers, which have no"
                " derivative; ask a network whose inputs are quantities"
            )


def _weights(net, weights, rows, dtype):
    """weights as float[b, o] of a dtype, whole in memory."""
    asked = np.ones(net.outputs) if weights is None else np.asarray(weights)
    if asked.shape not in ((net.outputs,), (rows, net.outputs)):
        raise ValueError(
            f"weights must have shape ({net.outputs},) or ({rows}, {net.outputs}), got"
            f" {asked.shape}"
        )
    spread = np.broadcast_to(asked, (rows, net.outputs))
    return check_rows("weights", spread, (net.outputs,), dtype)


@lru_cache(maxsize=64)
def _with_input(net):
    """The same network behind a layer that hands on its input."""
    first = Activation("identity")
    nodes = [Node(first, first.plan(net.shape), net.inputs, -1)]
    for node in net.nodes:
        second = node.second
        nodes.append(
            replace(
                node,
                source=node.source + 1,
                second=second if second == table.NO_SECOND else second + 1,
            )
        )
    return Network(tuple(nodes), net.loss, net.shape)


def _fill(dx, net, params, x, weights):
    """Fill dx, a block of rows after the other."""
    dtype = params.dtype.name
    arrays, sizes = net.arrays()
    most = min(PREDICT_ROWS, max(1, PREDICT_NUMBERS // sizes.activations))
    work = workspace(net, sizes, min(len(x), most), dtype)
    passes = model(net.kinds, net.loss, dtype)
    with one_blas_thread():
        for first in range(0, len(x), most):
            rows = slice(first, min(first + most, len(x)))
            pull_back(arrays, passes, params, work, x[rows], weights[rows], dx[rows])


@jit
def pull_back(net, model, p, work, x, weights, dx):
    """dx = the rows' derivative of outputs times weights. float[b, i], float[b, o]."""
    last, span = net.segments[-1], Span(0, 0, x.shape[0])
    work.draws[0, 2] = table.EVALUATE
    copy(output(net, -1, work, span), x)
    run_layers(net, model, p, work, span, (0, last))
    copy(delta(net, last - 1, work, span), weights)
    for layer in range(last - 1, 0, -1):
        backward_layer(net, model, p, work, span, layer)
    copy(dx, delta(net, 0, work, span))
