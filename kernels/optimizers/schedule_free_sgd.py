"""Schedule-Free SGD: descent, the average of its points, and gradients in between."""

from ..bounds import NONNEGATIVE, SHARE, USUAL
from ..jit import inner
from ..optimizer import Optimizer


@inner
def share_of(state, n, rate, power):
    """c, the newest point's weight in the average. Behind the first n: sum, largest lr.

    c = w / (w_1 + ... + w), with w = (largest learning rate so far)^power: points of a
    warm-up count less. 0 while all rates were 0.
    """
    real = state.dtype.type
    state[0, n + 1] = max(state[0, n + 1], real(rate))
    weight = state[0, n + 1] ** power
    state[0, n] += real(weight)
    return weight / state[0, n] if state[0, n] != 0.0 else 0.0


def update(p, g, state, hyper, step, layout):
    """z <- z - lr (g + weight_decay y);  x <- x + c (z - x);  y <- b x + (1 - b) z.

    p is y, where gradients are taken; x, to predict with, is not kept but found again
    as (y - (1 - b) z) / b, so b must be above 0. c weighs by lr^weight_lr_power, see
    `share_of`. state: z; behind it the sum of weights and the largest lr. hyper: (lr,
    momentum (b), weight_decay, weight_lr_power). With a constant lr, as
    optax.contrib.schedule_free_sgd.
    """
    real = p.dtype.type
    lr, decay, z = real(hyper[0]), real(hyper[2]), state[0]
    b, rest, part = real(hyper[1]), real(1.0 - hyper[1]), real(1.0 / hyper[1])
    if step == 1:
        for i in range(p.size):
            z[i] = p[i]
    c = real(share_of(state, p.size, hyper[0], hyper[3]))
    for i in range(p.size):
        x = (p[i] - rest * z[i]) * part
        z[i] -= lr * (g[i] + decay * p[i])
        x += c * (z[i] - x)
        p[i] = b * x + rest * z[i]


def average(out, p, state, hyper, step, layout):
    """out = x = (y - (1 - b) z) / b."""
    real, z = p.dtype.type, state[0]
    rest, part = real(1.0 - hyper[1]), real(1.0 / hyper[1])
    for i in range(p.size):
        out[i] = (p[i] - rest * z[i]) * part


def two_numbers(n, layout):
    """The tail: the sum of weights, and the largest learning rate."""
    return 2


OPTIMIZER = Optimizer(
    name="schedule_free_sgd",
    rule=update,
    slots=1,
    defaults={
        "lr": 1.0,
        "momentum": 0.9,
        "weight_decay": 0.0,
        "weight_lr_power": 2.0,
    },
    bounds=USUAL | {"momentum": SHARE, "weight_lr_power": NONNEGATIVE},
    source="Defazio et al. (2024), eq. 1 to 3, with algorithm 1's weights",
    tail=two_numbers,
    average=average,
)
