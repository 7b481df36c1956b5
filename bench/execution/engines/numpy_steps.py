"""A step of SGD in NumPy: one call per array operation."""

import math

import numpy as np


def stepper(net, params, x, y, lr):
    """Steps of a ReLU network with softmax cross-entropy; params in place."""
    parts = [
        params[at : at + math.prod(shape)].reshape(shape) for _, at, shape in net.layout
    ]
    layers = list(zip(parts[::2], parts[1::2], strict=True))
    classes, rows = y[:, 0].astype(int), np.arange(len(x))

    def run(steps):
        for _ in range(steps):
            outputs = [x]
            for weights, bias in layers[:-1]:
                outputs.append(np.maximum(outputs[-1] @ weights + bias, 0))
            weights, bias = layers[-1]
            delta = _softmax(outputs[-1] @ weights + bias)
            delta[rows, classes] -= 1
            delta /= len(x)
            for layer, output in zip(layers[::-1], outputs[::-1], strict=True):
                delta = _descend(*layer, output, delta, lr)

    return run


def _softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _descend(weights, bias, output, delta, lr):
    """Step one layer down its gradient; the delta of the layer below."""
    below = (delta @ weights.T) * (output > 0)
    weights -= lr * (output.T @ delta)
    bias -= lr * delta.sum(axis=0)
    return below
