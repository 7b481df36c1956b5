"""LARS: momentum whose rate in each tensor is in proportion to the tensor's norm."""

import math

from ..bounds import NONNEGATIVE, USUAL
from ..jit import inner
from ..optimizer import Optimizer
from ..penalties import square
from ..tensors import count_tensors, norm, tensor_at
from ..views import vector


@inner
def norm_with_decay(g, p, decay):
    """|g + decay p|, float64. float[n]."""
    if decay == 0:
        return norm(g)
    total = 0.0
    for i in range(p.size):
        total += square(g[i] + decay * p[i])
    return math.sqrt(total)


@inner
def update_tensor(p, g, v, hyper):
    """LARS on one tensor. p, g, v: float[size], p and v in place."""
    real, lr, nesterov = p.dtype.type, hyper[0], hyper[5]
    mu, decay, zero = real(hyper[1]), real(hyper[2]), 0.0
    size, length = norm(p), norm_with_decay(g, p, decay)
    ratio = hyper[3] * size / (length + hyper[4])
    rate = real(lr * ratio if size > zero and length > zero else lr)
    on_velocity, on_step = real(1.0 + nesterov * (hyper[1] - 1.0)), real(nesterov)
    for i in range(p.size):
        move = rate * (g[i] + decay * p[i])
        v[i] = mu * v[i] + move
        p[i] -= on_velocity * v[i] + on_step * move


def update(p, g, state, hyper, step, layout):
    """In each weight matrix and each bias, with d = g + weight_decay p:

    a = lr trust |p| / (|d| + eps);  v <- momentum v + a d;  p <- p - v,
    or p <- p - momentum v - a d with nesterov. a = lr where |p| or |d| is 0. state: v.
    hyper: (lr, momentum, weight_decay, trust, eps, nesterov). As optax has it without
    masks: biases are scaled and decayed like weights, and the decay is part of the
    norm (the paper divides by |g| + weight_decay |p|).
    """
    v = state[0]
    for k in range(count_tensors(layout)):
        start, size, _ = tensor_at(layout, p.size, k)
        if size > 0:
            update_tensor(
                vector(p, start, size),
                vector(g, start, size),
                vector(v, start, size),
                hyper,
            )


OPTIMIZER = Optimizer(
    name="lars",
    rule=update,
    slots=1,
    defaults={
        "lr": 1.0,
        "momentum": 0.9,
        "weight_decay": 0.0,
        "trust": 1e-3,
        "eps": 0.0,
        "nesterov": 0.0,
    },
    bounds=USUAL | {"trust": NONNEGATIVE},
    source="You, Gitman & Ginsburg (2017), algorithm 1",
)
