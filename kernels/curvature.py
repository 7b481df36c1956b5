"""The Gauss-Newton matrix of a network: the curvature that its outputs see.

H = mean over rows of J^T S J: J, the derivative of a row's outputs by the parameters,
by one backward pass an output; S, the second derivative of the loss by the outputs,
which is positive semi-definite for the losses below. So is H, as the Hessian is not.
Source: Schraudolph (2002), section 3; Martens (2020), section 6.
"""

import numpy as np
from scipy.special import expit, softmax

from . import table
from .elementwise import copy
from .jit import inner, jit
from .loop.backprop import backward_layer, layer_gradient, run_layers
from .loop.workspace import Span, delta, output
from .losses import HUBER_DELTA
from .views import vector


@inner
def choose_output(dz, chosen):
    """dz = 1 for one output of all rows, 0 for the others. float[b, o]."""
    for r in range(dz.shape[0]):
        for c in range(dz.shape[1]):
            dz[r, c] = c == chosen


@jit
def jacobian(net, model, p, work, span, z, jac):
    """jac = the derivative of each output of each row by p; z = the outputs.

    z: float[b, o]; jac: float[b * o, n]; work: with places for all deltas.
    """
    last = net.segments[-1]
    work.draws[span.index, 2] = table.EVALUATE
    run_layers(net, model, p, work, span, (0, last))
    copy(z, output(net, last - 1, work, span))
    for chosen in range(z.shape[1]):
        choose_output(delta(net, last - 1, work, span), chosen)
        for layer in range(last - 1, -1, -1):
            backward_layer(net, model, p, work, span, layer)
        for r in range(span.rows):
            row = Span(span.index, span.first + r, 1)
            g = vector(jac, (r * z.shape[1] + chosen) * p.size, p.size)
            for layer in range(last):
                start, size = (
                    net.table[layer, table.START],
                    net.table[layer, table.SIZE],
                )
                part = (layer, 0, start, start + size)
                if size > 0:
                    layer_gradient(net, model, g, work, row, part, False)


# loss: (jac float64[b, o, n], z, y float64[b, o]) -> S^(1/2) jac, in place of jac.
def _mse(jac, z, y):
    jac *= np.sqrt(2.0 / z.shape[1])
    return jac


def _huber(jac, z, y):
    inside = np.abs(z - y) <= HUBER_DELTA
    jac *= (inside / np.sqrt(z.shape[1]))[:, :, None]
    return jac


def _binary(jac, z, y):
    p = expit(z)
    jac *= np.sqrt(p * (1.0 - p) / z.shape[1])[:, :, None]
    return jac


def _cross_entropy(jac, z, y):
    # S = diag p - p p^T = A A^T with A = diag(sqrt p) - p sqrt(p)^T; this is A^T jac.
    p = softmax(z, axis=1)[:, :, None]
    jac -= (p * jac).sum(axis=1, keepdims=True)
    jac *= np.sqrt(p)
    return jac


def _soft_cross_entropy(jac, z, y):
    jac = _cross_entropy(jac, z, y)
    jac *= np.sqrt(y.sum(axis=1))[:, None, None]
    return jac


ROOTS = {
    "mse": _mse,
    "huber": _huber,
    "binary_cross_entropy": _binary,
    "cross_entropy": _cross_entropy,
    "soft_cross_entropy": _soft_cross_entropy,
}
