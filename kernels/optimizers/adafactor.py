"""Adafactor: Adam's second moment kept as its row and column means, without a mean."""

import math

import numpy as np

from ..bounds import NONNEGATIVE, POSITIVE, USUAL, Bounds
from ..jit import inner
from ..optimizer import Optimizer
from ..penalties import square
from ..tensors import count_tensors, norm, tensor_at
from ..views import vector


@inner
def average_squares(g, rows, columns, share):
    """rows, columns <- running means of the squares of g in its rows and columns.

    g: float[i * o]; rows: float[i]; columns: float[o]; share: that of the new squares.
    """
    i, o, real = rows.size, columns.size, g.dtype.type
    keep, to_row, to_column = real(1.0 - share), real(share / o), real(share / i)
    for c in range(o):
        columns[c] *= keep
    for r in range(i):
        row, total = vector(g, r * o, o), real(0)
        for c in range(o):
            squared = row[c] * row[c]
            total += squared
            columns[c] += to_column * squared
        rows[r] = keep * rows[r] + to_row * total


@inner
def mean(x):
    """The mean of float[n], as a float64."""
    total = 0.0
    for i in range(x.size):
        total += x[i]
    return total / x.size


@inner
def matrix_step(p, g, rows, columns, scalars):
    """Move p, float[i * o], by its factored second moment. In place."""
    real, o, one = p.dtype.type, columns.size, p.dtype.type(1)
    rate, least, d = scalars
    floor, total = real(least * least), 0.0
    scale = real(1.0 / max(mean(rows), least))
    for r in range(rows.size):
        row, factor = vector(g, r * o, o), scale * rows[r]
        for c in range(o):
            total += square(row[c]) / max(factor * columns[c], floor)
    move = real(rate / max(1.0, math.sqrt(total / p.size) / d))
    for r in range(rows.size):
        row, to, factor = vector(g, r * o, o), vector(p, r * o, o), scale * rows[r]
        for c in range(o):
            to[c] -= move * row[c] * (one / math.sqrt(max(factor * columns[c], floor)))


@inner
def vector_step(p, g, v, share, scalars):
    """v <- running mean of g^2; move p by it. float[n], p and v in place."""
    real, one = p.dtype.type, p.dtype.type(1)
    rate, least, d = scalars
    keep, new = real(1.0 - share), real(share)
    floor, total = real(least * least), 0.0
    for i in range(p.size):
        v[i] = keep * v[i] + new * g[i] * g[i]
    for i in range(p.size):
        total += square(g[i]) / max(v[i], floor)
    move = real(rate / max(1.0, math.sqrt(total / p.size) / d))
    for i in range(p.size):
        p[i] -= move * g[i] * (one / math.sqrt(max(v[i], floor)))


@inner
def shrink(p, keep):
    """p <- keep p. float[n]."""
    if keep != 1:
        for i in range(p.size):
            p[i] *= keep


def update(p, g, state, hyper, step, layout):
    """In each weight matrix, with t = step^beta2_decay and R, C the means of rows and

    columns: R <- (1 - t) R + t mean g^2 over a row;  C likewise over a column;
    V = R C / max(mean R, eps1);  in each bias V <- (1 - t) V + t g^2;
    u = g / sqrt max(V, eps1^2);  a = max(eps2, rms p) min(lr, 1 / sqrt step);
    p <- (1 - lr weight_decay) p - a u / max(1, rms(u) / d).
    state: R and C, or V, of each tensor in their order. hyper: (lr, beta2_decay, eps1,
    eps2, d, weight_decay, maximize); eps1 = 0 is the dtype's epsilon. As torch.optim
    has it, which floors V where the paper adds eps1 to g^2.
    """
    moments, place, real = state[0], 0, p.dtype.type
    least = hyper[2] if hyper[2] > 0.0 else float(np.finfo(p.dtype).eps)
    share, most = step ** hyper[1], min(hyper[0], 1.0 / math.sqrt(step))
    most *= 1.0 - 2.0 * hyper[6]
    for k in range(count_tensors(layout)):
        start, size, o = tensor_at(layout, p.size, k)
        if size == 0:
            continue
        x, dx = vector(p, start, size), vector(g, start, size)
        rate = max(hyper[3], norm(x) / math.sqrt(size)) * most
        scalars = rate, least, hyper[4]
        shrink(x, real(1.0 - hyper[0] * hyper[5]))
        if o > 0:
            i = size // o
            rows, columns = vector(moments, place, i), vector(moments, place + i, o)
            average_squares(dx, rows, columns, share)
            matrix_step(x, dx, rows, columns, scalars)
            place += i + o
        else:
            vector_step(x, dx, vector(moments, place, size), share, scalars)
            place += size


def tail(n, layout):
    """Numbers of the state: inputs + outputs a matrix, the size of every vector."""
    i, o = layout[:, 1], layout[:, 2]
    return int(n + (i + o - i * o).sum())


OPTIMIZER = Optimizer(
    name="adafactor",
    rule=update,
    slots=0,
    defaults={
        "lr": 0.01,
        "beta2_decay": -0.8,
        "eps1": 0.0,
        "eps2": 1e-3,
        "d": 1.0,
        "weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL
    | {
        "beta2_decay": Bounds(high=0),
        "eps1": NONNEGATIVE,
        "eps2": NONNEGATIVE,
        "d": POSITIVE,
    },
    source="Shazeer & Stern (2018), algorithms 4 and 5",
    tail=tail,
)
