"""SOAP: Adam in the eigenbases of Shampoo's factors, which turn slowly."""

import math

import numpy as np

from ..bounds import COUNT, FROM_ZERO, USUAL
from ..factors import (
    add_grams,
    eigenbasis,
    factor_sizes,
    factored,
    fill,
    finite,
    pair,
    room,
    turn_basis,
)
from ..jit import inner
from ..matmul import outer_sum, product, product_transposed
from ..optimizer import Optimizer
from ..outside import adamw_between
from ..views import matrix, vector


def update(p, g, state, hyper, step, layout):
    """M <- b1 M + (1 - b1) G;  V <- b2 V + (1 - b2) (Ql^T G Qr)^2;

    P <- (1 - lr weight_decay) P - lr Ql (M' / (sqrt V^ + eps)) Qr^T for each matrix P,
    with M' = Ql^T M^ Qr, and ^ as in Adam; then L <- b2 L + G G^T and R <- b2 R + G^T G
    (the factor 1 - b2 leaves their eigenvectors alone), and at every `interval`-th step
    Ql <- QR(L Ql) and Qr <- QR(R Qr), which allocates. The first gradient of a matrix
    only gives Ql and Qr, eigenvectors of L and R, as in the authors' code: in its own
    basis it would be diagonal. A side above `max_dim` (at most 2048) keeps Q = I.
    Parameters outside matrices, and matrices of two such sides, take steps of AdamW.

    state: M, V. Behind: L and R of each matrix, then their bases; room for one matrix.
    hyper: (lr, beta1, beta2, eps, weight_decay, interval, max_dim).
    """
    done, at = 0, p.size
    for k in range(layout.shape[0]):
        start, i, o = layout[k, 0], layout[k, 1], layout[k, 2]
        used = factored(i, hyper[6]), factored(o, hyper[6])
        stop = start + i * o
        if used[0] + used[1] > 0:
            adamw_between(p, g, state, hyper, step, done, start)
            factors = pair(state, 0, at, (i, o), used)
            bases = pair(state, 1, at, (i, o), used)
            if step > 1:
                rotated_adam(p, g, state, hyper, step - 1, (start, i, o), bases)
            follow(p, g, hyper, step, (start, i, o), factors, bases)
        else:
            adamw_between(p, g, state, hyper, step, done, stop)
        at += room(i) + room(o)
        done = stop
    adamw_between(p, g, state, hyper, step, done, p.size)


@inner
def rotate(out, between, x, bases):
    """out = Ql^T x Qr; a basis of size 0 is I. between: room of the same size."""
    left, right = bases
    if right.shape[0] == 0:
        outer_sum(out, left, x, 0, False)
    elif left.shape[0] == 0:
        product(out, x, right)
    else:
        outer_sum(between, left, x, 0, False)
        product(out, between, right)


@inner
def rotate_back(x, between, bases):
    """Ql x Qr^T, in x or in `between`, whichever is returned."""
    left, right = bases
    if right.shape[0] == 0:
        product(between, left, x)
        return between
    product_transposed(between, x, right)
    if left.shape[0] == 0:
        return between
    product(x, left, between)
    return x


@inner
def rotated_adam(p, g, state, hyper, step, place, bases):
    """M, V and P of the matrix at `place`, (start, i, o). step: Adam's, from 1."""
    start, i, o = place
    real, width = p.dtype.type, state.shape[1]
    m, v = vector(state, start, i * o), vector(state, width + start, i * o)
    x, w = matrix(g, start, i, o), vector(p, start, i * o)
    between = matrix(state, width - i * o, i, o)
    turned = matrix(state, 2 * width - i * o, i, o)
    rotate(turned, between, x, bases)
    d, whole = vector(turned, 0, i * o), vector(x, 0, i * o)
    b1, c1 = real(hyper[1]), real(1.0 - hyper[1])
    b2, c2 = real(hyper[2]), real(1.0 - hyper[2])
    for k in range(i * o):
        v[k] = b2 * v[k] + c2 * d[k] * d[k]
        m[k] = b1 * m[k] + c1 * whole[k]
    rotate(turned, between, matrix(m, 0, i, o), bases)
    root, eps = real(1.0 / math.sqrt(1.0 - hyper[2] ** step)), real(hyper[3])
    for k in range(i * o):
        d[k] /= math.sqrt(v[k]) * root + eps
    move = vector(rotate_back(turned, between, bases), 0, i * o)
    keep = real(1.0 - hyper[0] * hyper[4])
    rate = real(hyper[0] / (1.0 - hyper[1] ** step))
    for k in range(i * o):
        w[k] = keep * w[k] - rate * move[k]


@inner
def follow(p, g, hyper, step, place, factors, bases):
    """L, R and, where it is time, their bases Ql, Qr after a gradient."""
    start, i, o = place
    x, interval = matrix(g, start, i, o), max(1, int(hyper[5]))
    add_grams(factors[0], factors[1], x, hyper[2])
    if step == 1:
        eigenbasis(bases[0], factors[0])
        eigenbasis(bases[1], factors[1])
        if not finite(x):
            fill(vector(p, start, i * o), np.nan)
    elif (step - 1) % interval == 0:
        turn_basis(bases[0], factors[0])
        turn_basis(bases[1], factors[1])


def tail(n, layout):
    """Factors, and room for the largest matrix, behind each slot."""
    largest = (layout[:, 1] * layout[:, 2]).max() if len(layout) else 0
    return factor_sizes(n, layout) + int(largest)


OPTIMIZER = Optimizer(
    name="soap",
    rule=update,
    slots=2,
    defaults={
        "lr": 3e-3,
        "beta1": 0.95,
        "beta2": 0.95,
        "eps": 1e-8,
        "weight_decay": 0.01,
        "interval": 10.0,
        "max_dim": 2048.0,
    },
    bounds=USUAL | {"interval": COUNT, "max_dim": FROM_ZERO},
    source="Vyas et al. (2024), algorithms 3 and 4",
    tail=tail,
)
