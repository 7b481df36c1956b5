"""A step of SGD in plain Python: lists and loops, as a first textbook writes it."""

import math


def stepper(net, params, x, y, lr):
    """Steps of a ReLU network with softmax cross-entropy; params in place."""
    layers = _to_lists(net, params)
    rows = [(inputs, int(k[0])) for inputs, k in zip(x.tolist(), y, strict=True)]

    def run(steps):
        for _ in range(steps):
            gradients = [_zeros_like(layer) for layer in layers]
            for inputs, k in rows:
                outputs = _forward(layers, inputs)
                _backward(layers, gradients, outputs, _softmax_delta(outputs[-1], k))
            for layer, gradient in zip(layers, gradients, strict=True):
                _descend(layer, gradient, lr / len(rows))
        _write_back(net, params, layers)

    return run


def _to_lists(net, params):
    """[(weights as rows of inputs, bias), ...]"""
    parts = [
        params[at : at + math.prod(shape)].reshape(shape).tolist()
        for _, at, shape in net.layout
    ]
    return list(zip(parts[::2], parts[1::2], strict=True))


def _zeros_like(layer):
    weights, bias = layer
    return [[0.0] * len(row) for row in weights], [0.0] * len(bias)


def _forward(layers, inputs):
    """The inputs, then every layer's output; the last is linear."""
    outputs = [inputs]
    for number, (weights, bias) in enumerate(layers):
        sums = list(bias)
        for value, row in zip(outputs[-1], weights, strict=True):
            for o, weight in enumerate(row):
                sums[o] += value * weight
        last = number == len(layers) - 1
        outputs.append(sums if last else [max(value, 0.0) for value in sums])
    return outputs


def _softmax_delta(logits, k):
    largest = max(logits)
    powers = [math.exp(value - largest) for value in logits]
    total = sum(powers)
    return [power / total - (o == k) for o, power in enumerate(powers)]


def _backward(layers, gradients, outputs, delta):
    """Add one row's gradient, from the last layer to the first."""
    for number in range(len(layers) - 1, -1, -1):
        weights, _ = layers[number]
        dweights, dbias = gradients[number]
        below = [0.0] * len(weights)
        for i, value in enumerate(outputs[number]):
            row, drow, total = weights[i], dweights[i], 0.0
            for o, d in enumerate(delta):
                drow[o] += value * d
                total += row[o] * d
            below[i] = total if value > 0 else 0.0
        for o, d in enumerate(delta):
            dbias[o] += d
        delta = below


def _descend(layer, gradient, rate):
    pairs = zip((*layer[0], layer[1]), (*gradient[0], gradient[1]), strict=True)
    for values, slopes in pairs:
        for o, slope in enumerate(slopes):
            values[o] -= rate * slope


def _write_back(net, params, layers):
    parts = [part for layer in layers for part in layer]
    for (_, at, shape), part in zip(net.layout, parts, strict=True):
        size = math.prod(shape)
        flat = [value for row in part for value in row] if len(shape) == 2 else part
        params[at : at + size] = flat
