"""Dense layer with its bias and activation: y = f(x W + b)."""

import numpy as np

from ..activations import activate, chain
from ..table import ACTIVATION, INPUTS, OUTPUTS


def forward(y, x, w, row, real, draw):
    """y = f(x W + b). w holds W[i, o], row-major, then b[o].

    Source: Rumelhart, Hinton & Williams (1986), eq. 1 and 2.
    """
    i, o = row[INPUTS], row[OUTPUTS]
    np.dot(x, w[: i * o].reshape(i, o), y)
    bias = w[i * o :]
    for r in range(y.shape[0]):
        for c in range(o):
            y[r, c] += bias[c]
    activate(y, row[ACTIVATION])


def backward(dx, dw, dy, x, y, w, row, real, draw):
    """dz = dy f'(z); dW = x^T dz; db = sum over rows of dz; dx = dz W^T.

    Source: Rumelhart, Hinton & Williams (1986), eq. 4 to 7.
    """
    i, o = row[INPUTS], row[OUTPUTS]
    chain(dy, dy, y, row[ACTIVATION])
    np.dot(x.T, dy, dw[: i * o].reshape(i, o))
    db = dw[i * o :]
    db[:] = 0
    for r in range(dy.shape[0]):
        for c in range(o):
            db[c] += dy[r, c]
    if dx.shape[0] > 0:
        np.dot(dy, w[: i * o].reshape(i, o).T, dx)
