"""Multi-head self-attention: each token takes from the others what it asks for.

Of an input X, float[t, d], and for each of the heads, which share the d features:
Q = X Wq + bq, K = X Wk + bk, V = X Wv + bv; P = softmax(Q K^T / sqrt(d / heads)), row
by row; C = P V; then y = C Wo + bo, C of all heads side by side. Where it is causal, a
token sees itself and those before it.
Source: Vaswani et al. (2017), eq. 1 and section 3.2.2; section 3.2.3 for the mask.

kept, of each token: q, k, v, context, dq, dk, dv, d(context), d numbers each; its
probabilities, t a head; and t for slopes of the scores. So all tokens of a span are one
matrix of numbers that lie equally far apart.
"""

import math
from dataclasses import dataclass

from .. import table
from ..exponential import exp
from ..jit import formula, inner
from ..layer import Kind, Layer, LayerPlan
from ..matmul import block_outer_sum, block_product, block_product_transposed
from ..validation import check_count, check_switch
from ..views import vector

Q, K, V, CONTEXT, DQ, DK, DV, DCONTEXT = range(8)  # places in kept, in units of d
PARTS = ("query", "key", "value", "output")  # of the matrix, d rows each
OUTPUT = 3


@inner
def sizes_of(row):
    """(t, d, heads, numbers kept of a token)."""
    t, d, heads = row[table.GEOMETRY], row[table.GEOMETRY + 1], row[table.GEOMETRY + 2]
    return t, d, heads, width(t, d, heads)


@formula
def width(t, d, heads):
    """Numbers kept of a token."""
    return 8 * d + (heads + 1) * t


@inner
def project(out, x, w, places, strides, sizes):
    """Tokens of out = tokens of x times a d x d block of w, plus its bias.

    places: where out and x begin, and which block; strides: from a token to the next;
    sizes: tokens and d.
    """
    (o0, x0, part), (n, d) = places, sizes
    at, (ldo, ldx) = (o0, x0, part * d * d), strides
    block_product(out, x, w, at, (n, d, d), (ldo, ldx, d), False)
    bias = vector(w, (4 * d + part) * d, d)
    for r in range(n):
        line = vector(out, o0 + r * ldo, d)
        for c in range(d):
            line[c] += bias[c]


@inner
def softmax(line, seen, scale):
    """line = softmax(scale line) over the first entries, 0 behind; in place."""
    real = line.dtype.type
    most, total, scale = line[0], real(0), real(scale)
    for j in range(1, seen):
        most = line[j] if line[j] > most else most
    for j in range(seen):
        line[j] = exp((line[j] - most) * scale)
        total += line[j]
    for j in range(seen):
        line[j] /= total
    for j in range(seen, line.size):
        line[j] = 0


@inner
def softmax_back(slopes, p, scale):
    """slopes = scale p (slopes - sum of p slopes), in place."""
    real = p.dtype.type
    total, scale = real(0), real(scale)
    for j in range(p.size):
        total += p[j] * slopes[j]
    for j in range(p.size):
        slopes[j] = scale * (p[j] * (slopes[j] - total))


@inner
def attend(kept, first, head, row):
    """Probabilities and context of a head, of the t tokens from `first` on."""
    t, d, heads, wide = sizes_of(row)
    size, steps = d // heads, (wide, wide, wide)
    at = first * wide + head * size
    p = first * wide + 8 * d + head * t
    places = (p, at + Q * d, at + K * d)
    block_product_transposed(kept, kept, kept, places, (t, t, size), steps, False)
    scale, causal = 1.0 / math.sqrt(size), row[table.GEOMETRY + 3]
    for i in range(t):
        softmax(vector(kept, p + i * wide, t), i + 1 if causal else t, scale)
    places = (at + CONTEXT * d, p, at + V * d)
    block_product(kept, kept, kept, places, (t, size, t), steps, False)


@inner
def attend_back(kept, first, head, row):
    """From d(context) to dq, dk and dv of a head, of the t tokens from `first` on."""
    t, d, heads, wide = sizes_of(row)
    size, steps = d // heads, (wide, wide, wide)
    at, scores = first * wide + head * size, first * wide + 8 * d + heads * t
    p = first * wide + 8 * d + head * t
    places = (scores, at + DCONTEXT * d, at + V * d)
    block_product_transposed(kept, kept, kept, places, (t, t, size), steps, False)
    scale = 1.0 / math.sqrt(size)
    for i in range(t):
        slopes = vector(kept, scores + i * wide, t)
        softmax_back(slopes, vector(kept, p + i * wide, t), scale)
    places = (at + DQ * d, scores, at + K * d)
    block_product(kept, kept, kept, places, (t, size, t), steps, False)
    # One call in the code for both: it is compiled into where it is called.
    for of in (DV, DK):
        other, left = (DCONTEXT, p) if of == DV else (Q, scores)
        places = (at + of * d, left, at + other * d)
        block_outer_sum(kept, kept, kept, places, (t, size, t), steps, False)


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y = C Wo + bo, C of all heads. w holds Wq, Wk, Wv, Wo, row-major, then biases."""
    t, d, heads, wide = sizes_of(row)
    tokens = x.shape[0] * t
    for part in range(OUTPUT + 1):
        out, source, places, steps = kept, x, (part * d, 0, part), (wide, d)
        if part == OUTPUT:
            for r in range(x.shape[0]):
                for head in range(heads):
                    attend(kept, r * t, head, row)
            out, source = y, kept
            places, steps = (0, CONTEXT * d, part), (d, wide)
        project(out, source, w, places, steps, (tokens, d))


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = dQ Wq^T + dK Wk^T + dV Wv^T; dQ, dK and dV wait in kept for `gradient`.

    dC = dy Wo^T; dV = P^T dC; dS = P (dP - sum of P dP) / sqrt(d / heads), row by row,
    with dP = dC V^T; dQ = dS K; dK = dS^T Q.
    """
    t, d, heads, wide = sizes_of(row)
    tokens, places = dz.shape[0] * t, (DCONTEXT * d, 0, OUTPUT * d * d)
    size = (tokens, d, d)
    block_product_transposed(kept, dz, w, places, size, (wide, d, d), False)
    for r in range(dz.shape[0]):
        for head in range(heads):
            attend_back(kept, r * t, head, row)
    if dx.shape[0] == 0:
        return
    for part in range(OUTPUT):
        places, steps = (0, (DQ + part) * d, part * d * d), (d, wide, d)
        block_product_transposed(dx, kept, w, places, size, steps, part > 0)


def gradient(dw, dz, kept, x, y, row, part, more):
    """dWq = X^T dQ, dWk = X^T dK, dWv = X^T dV, dWo = C^T dy, from row `part` of the
    matrix on; then the sums over tokens of dQ, dK, dV and dy.

    The sum of dK is 0: what is added to all scores of a token, its softmax does not
    see. Rounding would leave a trace of it, which Adam takes for a direction.
    """
    t, d, _, wide = sizes_of(row)
    tokens, end = x.shape[0] * t, min(part + dw.size // d, 4 * d)
    for block in range(OUTPUT + 1):
        low, high = max(part, block * d), min(end, (block + 1) * d)
        if low >= high:
            continue
        to, line, size = (low - part) * d, low - block * d, (high - low, d, tokens)
        left, right = x, kept
        places, steps = (to, line, (DQ + block) * d), (d, d, wide)
        if block == OUTPUT:
            left, right = kept, dz
            places, steps = (to, CONTEXT * d + line, 0), (d, wide, d)
        block_outer_sum(dw, left, right, places, size, steps, more)
    bias = (end - part) * d
    if dw.size > bias:
        for block in range(OUTPUT):
            total, summed = vector(dw, bias + block * d, d), tokens
            if DQ + block == DK:
                summed = 0
            sum_tokens(total, kept, (DQ + block) * d, wide, summed, more)
        sum_tokens(vector(dw, bias + OUTPUT * d, d), dz, 0, d, tokens, more)


@inner
def sum_tokens(total, values, start, stride, tokens, more):
    """total = sum over tokens of their values from `start` on, plus it where `more`."""
    if not more:
        for c in range(total.size):
            total[c] = 0
    for r in range(tokens):
        line = vector(values, start + r * stride, total.size)
        for c in range(total.size):
            total[c] += line[c]


@dataclass(frozen=True)
class Attention(Layer):
    """Multi-head self-attention with a projection of its output. [t, d] to [t, d].

    heads: they share the d features, so their number divides d; ValueError where it
    does not. causal: True hides from each token those behind it. Weights are query,
    key, value and output, [d, d] each, used as x W, and their biases.
    """

    heads: int = 1
    causal: bool = False
    kind = Kind(
        "attention",
        forward,
        backward,
        gradient=gradient,
        source="Vaswani et al. (2017), eq. 1 and section 3.2.2",
    )

    def __post_init__(self):
        check_count("heads", self.heads, 1)
        check_switch("causal", self.causal)

    def plan(self, shape):
        if len(shape) != 2:
            raise ValueError(
                f"Attention takes rows of shape (tokens, features), got {shape}"
            )
        (t, d), heads = shape, self.heads
        if d % heads:
            raise ValueError(
                f"Attention's heads share the features of a token: {heads} heads need a"
                f" number of features that {heads} divides, got {d}"
            )
        return LayerPlan(
            shape,
            4 * d,
            d,
            4 * d,
            kept=t * width(t, d, heads),
            work=4 * t * (d + 1) * d + 2 * t * t * d,
            geometry=(t, d, heads, int(self.causal)),
            parts=(
                *((name, (d, d)) for name in PARTS),
                *((f"{name}_bias", (d,)) for name in PARTS),
            ),
            fans=(d, d),
        )


EXAMPLES = (
    ((3, 4), Attention(2)),
    ((5, 3), Attention(causal=True)),
    ((1, 2), Attention()),
    ((9, 16), Attention(2, causal=True)),
)
