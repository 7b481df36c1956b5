"""How weights start: Glorot, He, LeCun (uniform and normal), orthogonal, zeros.

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
}
INITIALISERS = (
    *(f"{name}_{law}" for name in _VARIANCES for law in ("uniform", "normal")),
    "orthogonal",
    "zeros",
)
_RECTIFIERS = {"relu", "leaky_relu", "elu", "gelu", "silu", "softplus"}


def suited_to(activation):
    """He normal for rectifiers, Glorot uniform for the rest."""
    return "he_normal" if activation in _RECTIFIERS else "glorot_uniform"


def fill_weights(w, name, stream, seed, fans=None):
    """w: float[inputs, outputs], in place, from stream `stream` of `seed`.

    fans: (in, out) of a unit; None for inputs and outputs.

    Orthogonal: Saxe, McClelland & Ganguli (2014), section 3, by a QR factorisation with
    the signs of R's diagonal fixed (Mezzadri 2007, section 5).
    """
    inputs, outputs = w.shape
    key = (seed & 0xFFFFFFFF, seed >> 32)
    if name == "zeros":
        w[:] = 0
        return
    if name == "orthogonal":
        long, short = max(w.shape), min(w.shape)
        draws = np.empty(long * short)
        fill_normal(draws, 1.0, stream, *key)
        q, r = np.linalg.qr(draws.reshape(long, short))
        q *= np.sign(np.diag(r))
        w[:] = q if inputs >= outputs else q.T
        return
    scheme, law = name.rsplit("_", 1)
    deviation = math.sqrt(_VARIANCES[scheme](*(fans or w.shape)))
    flat = w.reshape(-1)
    if law == "normal":
        fill_normal(flat, deviation, stream, *key)
    else:
        bound = math.sqrt(3.0) * deviation
        fill_uniform(flat, -bound, bound, stream, *key)
