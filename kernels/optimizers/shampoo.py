"""Shampoo: each side of a gradient's matrix times an inverse root of its past Grams."""

import math

from ..bounds import COUNT, FROM_ZERO, USUAL
from ..factors import add_grams, factor_sizes, factored, pair, power_of, room
from ..jit import inner
from ..matmul import product, product_sum
from ..optimizer import Optimizer
from ..views import matrix


def update(p, g, state, hyper, step, layout):
    """L <- L + G G^T;  R <- R + G^T G;  V <- mu V + L^(-1/4) G R^(-1/4);

    P <- (1 - lr weight_decay) P - lr V for each matrix P, from L = R = eps I. The roots
    are taken anew in the first `interval` steps and then at every step that `interval`
    divides, by eigendecompositions, which allocate. A side above `max_dim` (at most
    2048) is left as it is and the other takes the root -1/2. Parameters outside
    matrices, and matrices of two such sides, take the diagonal case: h <- h + g^2;
    v <- mu v + h^(-1/2) g, from h = eps. momentum, weight_decay = 0 is the paper's.

    state: v; h, or room for products in matrices. Behind: L and R of each matrix, their
    roots. hyper: (lr, momentum, weight_decay, eps, interval, max_dim).
    """
    done, at = 0, p.size
    for k in range(layout.shape[0]):
        start, i, o = layout[k, 0], layout[k, 1], layout[k, 2]
        used = factored(i, hyper[5]), factored(o, hyper[5])
        stop = start + i * o
        if used[0] + used[1] > 0:
            diagonal(g, state, hyper, step, done, start)
            precondition(g, state, hyper, step, start, (i, o), used, at)
        else:
            diagonal(g, state, hyper, step, done, stop)
        at += room(i) + room(o)
        done = stop
    diagonal(g, state, hyper, step, done, p.size)
    lr, keep = p.dtype.type(hyper[0]), p.dtype.type(1.0 - hyper[0] * hyper[2])
    v = state[0]
    for i in range(p.size):
        p[i] = keep * p[i] - lr * v[i]


@inner
def diagonal(g, state, hyper, step, start, stop):
    """v and h of parameters start, ..., stop - 1."""
    mu, first, one = g.dtype.type(hyper[1]), g.dtype.type(hyper[3]), g.dtype.type(1)
    v, h = state[0], state[1]
    if step == 1:
        h[start:stop] = first
    for i in range(start, stop):
        h[i] += g[i] * g[i]
        v[i] = mu * v[i] + g[i] * (one / math.sqrt(h[i]))


@inner
def precondition(g, state, hyper, step, start, sides, used, at):
    """V of the matrix at `start`. sides, used, at: as in `factors.pair`."""
    x = matrix(g, start, sides[0], sides[1])
    v = matrix(state, start, sides[0], sides[1])
    between = matrix(state, state.shape[1] + start, sides[0], sides[1])
    factors, roots = pair(state, 0, at, sides, used), pair(state, 1, at, sides, used)
    accumulate(factors, roots, x, hyper, step)
    if used[0] == 0:
        product_sum(v, x, roots[1], hyper[1])
    elif used[1] == 0:
        product_sum(v, roots[0], x, hyper[1])
    else:
        product(between, roots[0], x)
        product_sum(v, between, roots[1], hyper[1])


@inner
def accumulate(factors, roots, x, hyper, step):
    """Add the Grams of x to the factors, and take roots where it is time."""
    left, right = factors
    eps, interval = x.dtype.type(hyper[3]), max(1, int(hyper[4]))
    if step == 1:
        for k in range(left.shape[0]):
            left[k, k] = eps
        for k in range(right.shape[0]):
            right[k, k] = eps
    add_grams(left, right, x, 1.0)
    if step <= interval or step % interval == 0:
        power = -0.25 if left.shape[0] > 0 and right.shape[0] > 0 else -0.5
        power_of(roots[0], left, power, hyper[3])
        power_of(roots[1], right, power, hyper[3])


OPTIMIZER = Optimizer(
    name="shampoo",
    rule=update,
    slots=2,
    defaults={
        "lr": 0.1,
        "momentum": 0.9,
        "weight_decay": 0.0,
        "eps": 1e-4,
        "interval": 10.0,
        "max_dim": 1024.0,
    },
    bounds=USUAL | {"interval": COUNT, "max_dim": FROM_ZERO},
    source="Gupta, Koren & Singer (2018), algorithm 1",
    tail=factor_sizes,
)
