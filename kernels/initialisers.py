"""How weights start: Glorot, He, LeCun (uniform and normal), orthogonal, zeros.

`small_normal` and `unit_normal` take no account of the layer's size: N(0, 0.01^2), as
in Krizhevsky, Sutskever & Hinton (2012), section 5, and N(0, 1).

Draws are Philox numbers keyed by the seed, so every device starts alike.
"""

import math

import numpy as np

from .philox import fill_normal, fill_uniform

# Variance of a weight as a function of fan-in and fan-out.
_VARIANCES = {
    "glorot": lambda i, o: 2.0 / (i + o),  # Glorot & Bengio (2010), eq. 12
    "he": lambda i, o: 2.0 / i,  # He et al. (2015), eq. 10
    "lecun": lambda i, o: 1.0 / i,  # LeCun et al. (1998), eq. 16
    "small": lambda i, o: 1e-4,
    "unit": lambda i, o: 1.0,
}
INITIALISERS = (
    *(f"{n}_{law}" for n in ("glorot", "he", "lecun") for law in ("uniform", "normal")),
    "small_normal",
    "unit_normal",
    "orthogonal",
    "zeros",
)
_RECTIFIERS = {"relu", "leaky_relu", "elu", "gelu", "silu", "softplus"}


def suited_to(activation):
    """He normal for rectifiers, Glorot uniform for the rest."""
    return "he_normal" if activation in _RECTIFIERS else "glorot_uniform"


def fill_weights(w, name, stream, seed, fans=None, blocks=()):
    """w: float[inputs, outputs], in place, from stream `stream` of `seed`.

    fans: (in, out) of a unit; None for inputs and outputs. blocks: shapes of matrices
    that w is put together from, row by row, and each of which starts on its own.

    Orthogonal: Saxe, McClelland & Ganguli (2014), section 3, by a QR factorisation with
    the signs of R's diagonal fixed (Mezzadri 2007, section 5).
    """
    key = (seed & 0xFFFFFFFF, seed >> 32)
    if name == "zeros":
        w[:] = 0
        return
    if name == "orthogonal":
        draws = np.empty(w.size)
        fill_normal(draws, 1.0, stream, *key)
        taken = 0
        for block in _blocks_of(w, blocks):
            _orthogonal(block, draws[taken : taken + block.size])
            taken += block.size
        return
    scheme, law = name.rsplit("_", 1)
    variance, whole = _VARIANCES[scheme], fans or w.shape
    deviation = math.sqrt(variance(*whole))
    flat = w.reshape(-1)
    if law == "normal":
        fill_normal(flat, deviation, stream, *key)
    else:
        bound = math.sqrt(3.0) * deviation
        fill_uniform(flat, -bound, bound, stream, *key)
    for block in _blocks_of(w, blocks) if blocks else ():
        block *= math.sqrt(variance(*block.shape)) / deviation


def _blocks_of(w, shapes):
    """Views into w, one behind the other in a row of blocks, then the next row."""
    top, left = 0, 0
    for rows, columns in shapes or (w.shape,):
        yield w[top : top + rows, left : left + columns]
        left += columns
        if left == w.shape[1]:
            top, left = top + rows, 0


def _orthogonal(w, draws):
    """w: float[i, o], in place: orthonormal columns, or rows where it has fewer."""
    long, short = max(w.shape), min(w.shape)
    q, r = np.linalg.qr(draws.reshape(long, short))
    q *= np.sign(np.diag(r))
    w[:] = q if w.shape[0] >= w.shape[1] else q.T
