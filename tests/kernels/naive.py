"""The kernels' mathematics once more, in plain NumPy and float64, from the equations.

Slow and obvious on purpose: the compiled kernels are compared with it.
"""

import numpy as np
from scipy.special import erf, expit, log_softmax, softmax

from . import naive_matrices, naive_rate_free

LEAK = 0.01
_PHI = np.sqrt(2 * np.pi)


def _gelu_slope(z):
    return 0.5 * (1 + erf(z / np.sqrt(2))) + z * np.exp(-z * z / 2) / _PHI


# name: (f, f'), both of the input.
ACTIVATIONS = {
    "identity": (lambda z: z, np.ones_like),
    "sigmoid": (expit, lambda z: expit(z) * (1 - expit(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (
        lambda z: np.where(z > 0, z, LEAK * z),
        lambda z: np.where(z > 0, 1, LEAK),
    ),
    "elu": (
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
        lambda z: np.where(z > 0, 1, np.exp(np.minimum(z, 0))),
    ),
    "softplus": (lambda z: np.logaddexp(0, z), expit),
    "gelu": (lambda z: z * 0.5 * (1 + erf(z / np.sqrt(2))), _gelu_slope),
    "silu": (lambda z: z * expit(z), lambda z: expit(z) * (1 + z * expit(-z))),
    "hard_tanh": (lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1) * 1.0),
}


def _one_hot(z, y):
    return np.eye(z.shape[1])[y[:, 0].astype(int)]


def _mse(z, y):
    return (z - y) ** 2, 2 * (z - y)


def _huber(z, y):
    e = z - y
    inside = np.abs(e) <= 1
    return np.where(inside, e * e / 2, np.abs(e) - 0.5), np.clip(e, -1, 1)


def _binary(z, y):
    return np.logaddexp(0, z) - z * y, expit(z) - y


def _cross_entropy(z, y):
    hot = _one_hot(z, y)
    return -(log_softmax(z, axis=1) * hot).sum(1), softmax(z, axis=1) - hot


def _soft_cross_entropy(z, y):
    whole = y.sum(1, keepdims=True)
    return -(log_softmax(z, axis=1) * y).sum(1), whole * softmax(z, axis=1) - y


def _hinge(z, y):
    if z.shape[1] == 1:
        t = np.where(y > 0, 1, -1)
        return np.maximum(0, 1 - t * z)[:, 0], np.where(1 - t * z > 0, -t, 0)
    hot = _one_hot(z, y)
    margins = 1 + z - (z * hot).sum(1, keepdims=True)
    active = (margins > 0) * (1 - hot)
    return (margins * active).sum(1), active - hot * active.sum(1, keepdims=True)


# name: (losses of the rows, their slopes in z); several targets are averaged.
LOSSES = {
    "mse": _mse,
    "huber": _huber,
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy": _binary,
    "hinge": _hinge,
    "soft_cross_entropy": _soft_cross_entropy,
}


def loss_and_grad(net, params, x, y):
    """(mean loss, gradient float64[n_params]) of a `Network`, dropout and noise off."""
    y = np.asarray(y, dtype=float).reshape(len(x), -1)
    inputs, before = [], []
    for layer, row in zip(net.nodes, net.table, strict=True):
        inputs.append(x)
        if layer.kind.name == "dense":
            w, b = _split(params, layer, row)
            x = x @ w + b
        before.append(x)
        x = ACTIVATIONS[layer.activation][0](x)
    losses, dy = LOSSES[net.loss](x, y)
    dy = dy / len(x) / (x.shape[1] if losses.ndim == 2 else 1)
    grad = np.zeros(net.n_params)
    for k in range(len(net.nodes) - 1, -1, -1):
        layer, row = net.nodes[k], net.table[k]
        dy = dy * ACTIVATIONS[layer.activation][1](before[k])
        if layer.kind.name == "dense":
            dw, db = _split(grad, layer, row)
            dw[:], db[:] = inputs[k].T @ dy, dy.sum(0)
            dy = dy @ _split(params, layer, row)[0].T
    return losses.mean(), grad


def _split(flat, layer, row):
    start, i, o = row[3], layer.inputs, layer.outputs
    weights = flat[start : start + i * o].reshape(i, o)
    return weights, flat[start + i * o : start + (i + 1) * o]


def _descent(p, g, s, t, lr):
    return p - lr * g


def _sgd(p, g, s, t, lr, weight_decay, maximize):
    return p - lr * ((-g if maximize else g) + weight_decay * p)


def _momentum(p, g, s, t, lr, momentum, dampening, weight_decay, nesterov, maximize):
    d = (-g if maximize else g) + weight_decay * p
    s["v"] = momentum * s["v"] + (1 - dampening) * d if "v" in s else d
    return p - lr * (d + momentum * s["v"] if nesterov else s["v"])


def _nesterov(p, g, s, t, lr, momentum, weight_decay, maximize):
    return _momentum(p, g, s, t, lr, momentum, 0, weight_decay, 1, maximize)


def _adam(
    p, g, s, t, lr, beta1, beta2, eps, weight_decay, decoupled_weight_decay, maximize
):
    d = -g if maximize else g
    if decoupled_weight_decay:
        p = p - lr * weight_decay * p
    else:
        d = d + weight_decay * p
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * d
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * d**2
    m, v = s["m"] / (1 - beta1**t), s["v"] / (1 - beta2**t)
    return p - lr * m / (np.sqrt(v) + eps)


def _adamw(p, g, s, t, lr, beta1, beta2, eps, weight_decay, maximize):
    return _adam(p, g, s, t, lr, beta1, beta2, eps, weight_decay, 1, maximize)


# name: rule(p, g, slots, step from 1, **hyper-parameters) -> new p; slots is a dict.
OPTIMIZERS = {
    "gradient_descent": _descent,
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adam": _adam,
    "adamw": _adamw,
    **naive_matrices.RULES,
    **naive_rate_free.RULES,
}
