"""Muon: momentum whose matrices are made nearly orthogonal; AdamW for the rest."""

import math

from ..bounds import ANY, FROM_ZERO, NONNEGATIVE, USUAL, Bounds
from ..jit import inner
from ..matmul import column_gram, product, product_sum, row_gram
from ..optimizer import Optimizer
from ..outside import adamw_between
from ..penalties import square
from ..views import matrix, vector


def update(p, g, state, hyper, step, layout):
    """M <- mu M + (1 - mu) G;  P <- (1 - lr weight_decay) P - s lr O(D), P a matrix,

    with D = mu M + (1 - mu) G if `nesterov` is 1, else M, and O(D) = `orthogonal`. s
    tells `adjust_lr`, of inputs i and outputs o: 0 (torch's original) sqrt(max(1, o /
    i)), 1 (match_rms_adamw) 0.2 sqrt(max(i, o)), 2 (spectral_unclamped) sqrt(o / i), 3
    (none) 1. Parameters outside matrices take steps of AdamW with the same lr and
    weight_decay, as in Liu et al. (2025), section 2; without matrices all do.

    As torch.optim.Muon, whose products are in bfloat16 and ours in the dtype of p.
    state: M, or m outside matrices; v, or room for a matrix. Behind, room for products.
    hyper: (lr, beta1, beta2, adam_eps, weight_decay, momentum, nesterov, eps, ns_steps,
    ns_a, ns_b, ns_c, adjust_lr), of which beta1, beta2, adam_eps are AdamW's.
    """
    done = 0
    for k in range(layout.shape[0]):
        start, i, o = layout[k, 0], layout[k, 1], layout[k, 2]
        adamw_between(p, g, state, hyper, step, done, start)
        direction(g, state, hyper, start, i * o)
        d = orthogonal(state, hyper, start, i, o)
        descend(vector(p, start, i * o), vector(d, 0, i * o), hyper, i, o)
        done = start + i * o
    adamw_between(p, g, state, hyper, step, done, p.size)


@inner
def direction(g, state, hyper, start, size):
    """M, and D / max(|D|, eps), |.| being Frobenius's, in rows 0 and 1 of the state."""
    real, mu = g.dtype.type, hyper[5]
    m, d = vector(state, start, size), vector(state, state.shape[1] + start, size)
    x, b, c = vector(g, start, size), real(mu), real(1.0 - mu)
    own, past = (c, b) if hyper[6] > 0.0 else (real(0), real(1))
    squares = 0.0
    for k in range(size):
        m[k] = b * m[k] + c * x[k]
        d[k] = own * x[k] + past * m[k]
        # In float64, where squares of float32 do not overflow.
        squares += square(d[k])
    norm = math.sqrt(squares)
    if norm < hyper[7]:
        norm = hyper[7]
    # An infinite norm must not turn the matrix into zeros.
    scale = real(1.0 / norm if norm < math.inf else math.nan)
    for k in range(size):
        d[k] *= scale


@inner
def orthogonal(state, hyper, start, i, o):
    """U V^T, nearly, of D = U S V^T in row 1: `ns_steps` steps of Newton and Schulz:

    D <- a D + (b A + c A^2) D with A = D D^T, or from the right with A = D^T D where
    there are fewer outputs than inputs. Returns where the result is, float[i, o].
    Source: Jordan et al. (2024), with their a, b, c as ns_a, ns_b, ns_c.
    """
    width, side = state.shape[1], min(i, o)
    tail = width - room(i, o)
    x, y = matrix(state, width + start, i, o), matrix(state, tail, i, o)
    a = matrix(state, width + tail, side, side)
    b = matrix(state, width + tail + side * side, side, side)
    for _ in range(int(hyper[8])):
        if i <= o:
            row_gram(a, x, 0.0)
        else:
            column_gram(a, x, 0.0)
        polynomial(b, a, hyper)
        if i <= o:
            product(y, b, x)
        else:
            product(y, x, b)
        x, y = y, x
    return x


@inner
def polynomial(b, a, hyper):
    """b = ns_a I + ns_b a + ns_c a^2."""
    real = a.dtype.type
    product_sum(b, a, a, 0.0)
    linear, square = real(hyper[10]), real(hyper[11])
    for r in range(a.shape[0]):
        for c in range(a.shape[0]):
            b[r, c] = linear * a[r, c] + square * b[r, c]
        b[r, r] += real(hyper[9])


@inner
def descend(p, d, hyper, i, o):
    """p <- (1 - lr weight_decay) p - s lr d."""
    scale = math.sqrt(max(1.0, o / i))
    if hyper[12] == 1.0:
        scale = 0.2 * math.sqrt(max(i, o))
    elif hyper[12] == 2.0:
        scale = math.sqrt(o / i)
    elif hyper[12] == 3.0:
        scale = 1.0
    keep = p.dtype.type(1.0 - hyper[0] * hyper[4])
    rate = p.dtype.type(scale * hyper[0])
    for k in range(p.size):
        p[k] = keep * p[k] - rate * d[k]


@inner
def room(i, o):
    """Numbers behind each slot that a matrix needs: its size, or two of its Grams."""
    return max(i * o, 2 * min(i, o) ** 2)


def tail(n, layout):
    """Room for the products of the matrix that needs most."""
    return max(
        (max(i * o, 2 * min(i, o) ** 2) for _, i, o in layout.tolist()), default=0
    )


OPTIMIZER = Optimizer(
    name="muon",
    rule=update,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "adam_eps": 1e-8,
        "weight_decay": 0.1,
        "momentum": 0.95,
        "nesterov": 1.0,
        "eps": 1e-7,
        "ns_steps": 5.0,
        "ns_a": 3.4445,
        "ns_b": -4.775,
        "ns_c": 2.0315,
        "adjust_lr": 0.0,
    },
    bounds=USUAL
    | {
        "adam_eps": NONNEGATIVE,
        "ns_steps": FROM_ZERO,
        "ns_a": ANY,
        "ns_b": ANY,
        "ns_c": ANY,
        "adjust_lr": Bounds(0, 3, whole=True),
    },
    source="Jordan et al. (2024), Muon: an optimizer for hidden layers",
    tail=tail,
)
