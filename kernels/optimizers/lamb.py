"""LAMB: Adam's step, made as long in each tensor as the tensor times the rate."""

import math

from ..bounds import USUAL
from ..jit import inner
from ..optimizer import Optimizer
from ..penalties import square
from ..tensors import count_tensors, norm, tensor_at
from ..views import vector


@inner
def take_moments(g, m, v, hyper):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2. float[size], in place."""
    real = g.dtype.type
    b1, b2 = real(hyper[1]), real(hyper[2])
    c1, c2 = real(1.0 - hyper[1]), real(1.0 - hyper[2])
    for i in range(g.size):
        m[i] = b1 * m[i] + c1 * g[i]
        v[i] = b2 * v[i] + c2 * g[i] * g[i]


@inner
def step_of(p, m, v, factors):
    """m^ / (sqrt(v^ + eps_root) + eps) + weight_decay p, of one parameter."""
    mean, spread, eps, eps_root, decay = factors
    return mean * m / (math.sqrt(spread * v + eps_root) + eps) + decay * p


@inner
def update_tensor(p, m, v, lr, factors):
    """p <- p - lr |p| / |u| u with u the step of each parameter. float[size]."""
    size, total = norm(p), 0.0
    for i in range(p.size):
        total += square(step_of(p[i], m[i], v[i], factors))
    length = math.sqrt(total)
    # Both norms are NaN where the gradient is: then so is the rate.
    rate = p.dtype.type(lr if size == 0.0 or length == 0.0 else lr * size / length)
    for i in range(p.size):
        p[i] -= rate * step_of(p[i], m[i], v[i], factors)


def update(p, g, state, hyper, step, layout):
    """m, v as Adam's;  u = m^ / (sqrt(v^ + eps_root) + eps) + weight_decay p;

    p <- p - lr |p| / |u| u in each weight matrix and each bias, where the ratio is 1
    if a norm is 0. m^ and v^ are m and v divided by 1 - b^step. state: m, v. hyper:
    (lr, beta1, beta2, eps, eps_root, weight_decay). Biases are scaled and decayed like
    weights, as optax does without masks.
    """
    real = p.dtype.type
    mean, spread = 1.0 / (1.0 - hyper[1] ** step), 1.0 / (1.0 - hyper[2] ** step)
    factors = real(mean), real(spread), real(hyper[3]), real(hyper[4]), real(hyper[5])
    take_moments(g, state[0], state[1], hyper)
    for k in range(count_tensors(layout)):
        start, size, _ = tensor_at(layout, p.size, k)
        if size > 0:
            m, v = vector(state[0], start, size), vector(state[1], start, size)
            update_tensor(vector(p, start, size), m, v, hyper[0], factors)


OPTIMIZER = Optimizer(
    name="lamb",
    rule=update,
    slots=2,
    defaults={
        "lr": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-6,
        "eps_root": 0.0,
        "weight_decay": 0.0,
    },
    bounds=USUAL,
    source="You et al. (2020), algorithm 2",
)
