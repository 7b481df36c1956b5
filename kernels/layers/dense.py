"""Dense layer with its bias and activation: y = f(x W + b)."""

from ..activations import activate, chain
from ..jit import inner
from ..matmul import (
    outer_sum,
    product,
    product_columns,
    product_transposed,
    product_transposed_columns,
)
from ..table import ACTIVATION, INPUTS, OUTPUTS
from ..views import matrix, vector


@inner
def sum_rows(total, x, more):
    """total = sum over rows of x, plus total where `more`. float[o]; float[b, o]."""
    b, o = x.shape
    if not more:
        for c in range(o):
            total[c] = 0
    # Four rows at once: a quarter of the loads and stores of the total.
    for r in range(0, b - 3, 4):
        for c in range(o):
            total[c] += (x[r, c] + x[r + 1, c]) + (x[r + 2, c] + x[r + 3, c])
    for r in range(b - b % 4, b):
        for c in range(o):
            total[c] += x[r, c]


def forward(y, x, w, row, real, draw):
    """y = f(x W + b). w holds W[i, o], row-major, then b[o].

    Source: Rumelhart, Hinton & Williams (1986), eq. 1 and 2.
    """
    i, o = row[INPUTS], row[OUTPUTS]
    product(y, x, matrix(w, 0, i, o))
    activate(y, vector(w, i * o, o), row[ACTIVATION])


def backward(dx, dy, x, y, w, row, real, draw):
    """dz = dy f'(z), in the place of dy; dx = dz W^T.

    Source: Rumelhart, Hinton & Williams (1986), eq. 4 to 7.
    """
    i, o = row[INPUTS], row[OUTPUTS]
    chain(dy, y, row[ACTIVATION])
    if dx.shape[0] > 0:
        product_transposed(dx, dy, matrix(w, 0, i, o))


def forward_columns(y, x, w, row, first, count):
    """Columns of y = f(x W + b)."""
    i, o = row[INPUTS], row[OUTPUTS]
    product_columns(y, x, matrix(w, 0, i, o), first, count)
    bias = vector(w, i * o + first, count)
    for r in range(y.shape[0]):
        activate(matrix(y, r * o + first, 1, count), bias, row[ACTIVATION])


def settle(dy, y, row, first, count):
    """Columns of dz = dy f'(z), in the place of dy."""
    o = row[OUTPUTS]
    for r in range(y.shape[0]):
        start = r * o + first
        chain(matrix(dy, start, 1, count), matrix(y, start, 1, count), row[ACTIVATION])


def backward_columns(dx, dz, w, row, first, count):
    """Columns of dx = dz W^T."""
    weights = matrix(w, 0, row[INPUTS], row[OUTPUTS])
    product_transposed_columns(dx, dz, weights, first, count)


def gradient(dw, dz, x, row, first, more):
    """dW[first:] = x[:, first:]^T dz for as many rows of W as dw has; then db.

    db, the sum over the batch of dz, stands behind the last row of W.
    Source: Rumelhart, Hinton & Williams (1986), eq. 6.
    """
    i, o = row[INPUTS], row[OUTPUTS]
    k = min(dw.size // o, i - first)
    outer_sum(matrix(dw, 0, k, o), x, dz, first, more)
    if dw.size > k * o:
        sum_rows(vector(dw, k * o, o), dz, more)
