"""Plain NumPy: what one would write oneself."""

import numpy as np

from .work import BETA1, BETA2, EPS, LR, Peer

PEER = Peer("NumPy, written by hand", "NumPy", "numpy", "numpy", ("step", "predict"))


def forward(layers, x):
    """Outputs of all layers, the input first."""
    outputs = [x]
    for number, (w, b) in enumerate(layers):
        z = outputs[-1] @ w
        z += b
        if number < len(layers) - 1:
            np.maximum(z, 0, out=z)
        outputs.append(z)
    return outputs


def loss_and_gradients(layers, x, y):
    """(sum of losses, gradients of the mean in the order of the parameters)."""
    outputs, rows = forward(layers, x), np.arange(len(x))
    z = outputs[-1] - outputs[-1].max(axis=1, keepdims=True)
    d = np.exp(z)
    norm = d.sum(axis=1, keepdims=True)
    loss = float((np.log(norm[:, 0]) - z[rows, y]).sum())
    d /= norm
    d[rows, y] -= 1
    d /= np.float32(len(x))
    gradients = []
    for number in range(len(layers) - 1, -1, -1):
        gradients += [d.sum(axis=0), outputs[number].T @ d]
        if number:
            d = (d @ layers[number][0].T) * (outputs[number] > 0)
    return loss, gradients[::-1]


def prepare(work):
    """See `peers`."""
    layers = work.layers()
    if work.kind == "predict":
        return lambda epochs: [forward(layers, work.x)[-1] for _ in range(epochs)][-1]
    parameters = [array for layer in layers for array in layer]
    first, second = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    step = 0

    def update(gradients):
        rate = np.float32(LR / (1 - BETA1**step))
        root = np.float32(1 / np.sqrt(1 - BETA2**step))
        for p, g, m, v in zip(parameters, gradients, first, second, strict=True):
            m *= BETA1
            m += np.float32(1 - BETA1) * g
            v *= BETA2
            v += np.float32(1 - BETA2) * g * g
            p -= rate * m / (np.sqrt(v) * root + np.float32(EPS))

    def run(epochs):
        nonlocal step
        losses = np.zeros(epochs)
        for epoch in range(epochs):
            order = work.orders[0, epoch % work.orders.shape[1]]
            for start in range(0, len(order), work.batch):
                rows = order[start : start + work.batch]
                step += 1
                loss, gradients = loss_and_gradients(layers, work.x[rows], work.y[rows])
                losses[epoch] += loss / len(order)
                update(gradients)
        return losses

    return run
