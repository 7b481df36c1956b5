"""Dense layer with its bias and activation: y = f(x W + b)."""

import math
from dataclasses import dataclass

from .. import table
from ..activations import ACTIVATIONS, activate, chain
from ..jit import inner
from ..layer import Kind, Layer, LayerPlan
from ..matmul import (
    outer_sum,
    product,
    product_columns,
    product_transposed,
    product_transposed_columns,
    sum_rows,
)
from ..penalties import square
from ..validation import check_choice, check_count
from ..views import matrix, vector
from .activation import build_activated


@inner
def tokens(values, columns, row):
    """Rows of t tokens each, float[b, t o], as rows of a token, float[b t, o]."""
    many = values.shape[0]
    if row[table.INPUTS] != row[table.ROWS]:
        many *= row[table.INPUTS] // row[table.ROWS]
    return matrix(values, 0, many, columns)


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = f(x W + b). w holds W[i, o], row-major, then b[o].

    Source: Rumelhart, Hinton & Williams (1986), eq. 1 and 2.
    """
    i, o, number = row[table.ROWS], row[table.COLUMNS], row[table.ACTIVATION]
    y, x, weights = tokens(y, o, row), tokens(x, i, row), matrix(w, 0, i, o)
    bias = vector(w, i * o + first, count)
    if count == o:
        product(y, x, weights)
        activate(y, bias, number)
        return
    product_columns(y, x, weights, first, count)
    for r in range(y.shape[0]):
        activate(matrix(y, r * o + first, 1, count), bias, number)


def settle(dy, y, row, first, count):
    """dz = dy f'(z), in the place of dy."""
    o, number = row[table.COLUMNS], row[table.ACTIVATION]
    if count == o:
        chain(dy, y, number)
        return
    for start in range(first, y.size, o):
        chain(matrix(dy, start, 1, count), matrix(y, start, 1, count), number)


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dz W^T. Source: Rumelhart, Hinton & Williams (1986), eq. 4 to 7."""
    if dx.shape[0] == 0:
        return
    i, o = row[table.ROWS], row[table.COLUMNS]
    dx, dz, weights = tokens(dx, i, row), tokens(dz, o, row), matrix(w, 0, i, o)
    if count == i:
        product_transposed(dx, dz, weights)
    else:
        product_transposed_columns(dx, dz, weights, first, count)


def gradient(dw, dz, kept, x, y, row, part, more):
    """dW[part:] = x[:, part:]^T dz for as many rows of W as dw has; then db.

    db, the sum over the batch of dz, stands behind the last row of W.
    Source: Rumelhart, Hinton & Williams (1986), eq. 6.
    """
    i, o = row[table.ROWS], row[table.COLUMNS]
    x, dz = tokens(x, i, row), tokens(dz, o, row)
    k = min(dw.size // o, i - part)
    outer_sum(matrix(dw, 0, k, o), x, dz, part, more)
    if dw.size > k * o:
        sum_rows(vector(dw, k * o, o), dz, more)


@inner
def row_square(x, r):
    """|x[r]|^2 as a float64."""
    total = 0.0
    for c in range(x.shape[1]):
        total += square(x[r, c])
    return total


def row_norms(x, dz, kept, y, row):
    """sum over rows of (|x|^2 + 1) |dz|^2; NaN where a row holds several tokens.

    A row's gradient is the outer product of its input (with a one for the bias) and its
    delta: Goodfellow (2015), "Efficient per-example gradient computations", eq. 4.
    """
    if row[table.INPUTS] != row[table.ROWS]:
        return math.nan
    total = 0.0
    for r in range(x.shape[0]):
        total += (row_square(x, r) + 1.0) * row_square(dz, r)
    return total


@dataclass(frozen=True)
class Dense(Layer):
    """y = f(x W + b), on the last axis of its input.

    outputs: units; activation: a key of `ACTIVATIONS`. Input [..., i], output [..., o].
    ValueError or TypeError on another number or name, as of every layer.
    """

    outputs: int
    activation: str = "identity"
    kind = Kind(
        "dense",
        forward,
        backward,
        settle,
        gradient,
        row_norms=row_norms,
        reads_output=False,
        cut="columns",
        source="Rumelhart, Hinton & Williams (1986), eq. 1 to 7",
    )

    def __post_init__(self):
        check_count("outputs", self.outputs, 1)
        check_choice("activation", self.activation, ACTIVATIONS)

    def plan(self, shape):
        *before, i = shape
        size = (i + 1) * self.outputs
        return LayerPlan(
            (*before, self.outputs),
            i,
            self.outputs,
            self.outputs,
            work=math.prod(before) * size,
        )

    def build(self, graph):
        build_activated(self, graph)


EXAMPLES = (
    ((4,), Dense(3, "tanh")),
    ((3, 4), Dense(2, "elu")),
    ((4,), Dense(3, "gelu")),
)
