"""What a rule for matrices does to parameters that are none: a step of AdamW."""

import math

from .jit import inner


@inner
def adamw_between(p, g, state, hyper, step, start, stop):
    """AdamW on parameters start, ..., stop - 1, as `optimizers/adamw.py`; in place.

    state: m, v in its first two rows; hyper begins with (lr, beta1, beta2, eps,
    weight_decay).
    """
    real = p.dtype.type
    one, b1, b2 = real(1), real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    rate = real(hyper[0] / (1.0 - hyper[1] ** step))
    root = real(1.0 / math.sqrt(1.0 - hyper[2] ** step))
    eps, keep = real(hyper[3]), real(1.0 - hyper[0] * hyper[4])
    m, v = state[0], state[1]
    for i in range(start, stop):
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * g[i] * g[i]
        p[i] = keep * p[i] - rate * m[i] * (one / (math.sqrt(v[i]) * root + eps))
