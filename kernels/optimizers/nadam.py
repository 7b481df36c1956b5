"""NAdam: Adam with Nesterov's momentum, under a schedule of the momentum."""

import math

from ..bounds import NONNEGATIVE, USUAL
from ..decay import direction, weight_decay
from ..jit import formula, inner
from ..optimizer import Optimizer

NEGLIGIBLE = 1e-18  # beside 1, in float64


@formula
def momenta(beta1, rate, step):
    """(mu_t, mu_{t+1}, mu_1 ... mu_t), mu_t = beta1 (1 - 0.96^(t rate) / 2). float64.

    The product is worked out anew, until it is negligible beside 1, so that no state is
    kept for it: some 60 factors at the defaults, however many steps were made.
    """
    ratio, power, product = 0.96**rate, 1.0, 1.0
    for _ in range(step):
        power *= ratio
        product *= beta1 * (1.0 - 0.5 * power)
        if abs(product) < NEGLIGIBLE:
            break
    now = beta1 * (1.0 - 0.5 * 0.96 ** (step * rate))
    after = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * rate))
    return now, after, product


def scalars(hyper, step):
    lr, b1, b2, sign = hyper[0], hyper[1], hyper[2], direction(hyper[7])
    now, after, product = momenta(b1, hyper[5], step)
    past = sign * lr * after / (1.0 - product * after)
    fresh = sign * lr * (1.0 - now) / (1.0 - product)
    root = 1.0 / math.sqrt(1.0 - b2**step)
    decay, keep = weight_decay(lr, hyper[4], hyper[6])
    means = (b1, 1.0 - b1, b2, 1.0 - b2)
    return (*means, past, fresh, root, hyper[3], sign * decay, keep)


@inner
def element(p, g, state, i, c):
    """m <- b1 m + (1 - b1) d;  v <- b2 v + (1 - b2) d^2;

    p <- p - lr (mu_{t+1} m / (1 - mu_1 ... mu_{t+1})
                 + (1 - mu_t) d / (1 - mu_1 ... mu_t)) / (sqrt v^ + eps),
    with d = g + weight_decay p, v^ = v / (1 - b2^t) and mu_t of `momenta`, by
    momentum_decay. m has the constant b1, as in torch.optim; the paper has mu_t there
    too. The decay and maximize as in Adam. state: m, v. hyper: (lr, beta1, beta2, eps,
    weight_decay, momentum_decay, decoupled_weight_decay, maximize).
    """
    b1, c1, b2, c2, past, fresh, root, eps, decay, keep = c
    d = g[i] + decay * p[i]
    m = b1 * state[0, i] + c1 * d
    v = b2 * state[1, i] + c2 * d * d
    state[0, i], state[1, i] = m, v
    scale = type(b1)(1) / (math.sqrt(v) * root + eps)
    p[i] = keep * p[i] - (past * m + fresh * d) * scale


OPTIMIZER = Optimizer(
    name="nadam",
    element=element,
    scalars=scalars,
    slots=2,
    defaults={
        "lr": 2e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.0,
        "momentum_decay": 4e-3,
        "decoupled_weight_decay": 0.0,
        "maximize": 0.0,
    },
    bounds=USUAL | {"momentum_decay": NONNEGATIVE},
    source="Dozat (2016), algorithm 2",
)
