"""Adam in eight bits: its codes by their bits, its steps by the paper, in NumPy."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, averaging, max_norm, mlp, train
from gradclinic.kernels.dynamic_codes import (
    BLOCK,
    SIGNED,
    UNSIGNED,
    signed_code,
    unsigned_code,
)
from gradclinic.kernels.jit import jit
from gradclinic.kernels.lookahead import lookahead
from gradclinic.kernels.optimizer import matrices

RULE = OPTIMIZERS["adam_8bit"]


def by_bits(signed):
    """The values of all bytes, read bit by bit: dynamic tree quantisation.

    After the sign come zeros, as many as the decimal exponent; a one; then the digits,
    which place the number in the middle of one of equal steps from 0.1 to 1. Without a
    sign there is a digit more. Nothing but zeros is 0, and what is left over is 1.
    """
    found = []
    for byte in range(256):
        bits = f"{byte:08b}"
        sign, rest = (bits[0], bits[1:]) if signed else ("0", bits)
        zeros = len(rest) - len(rest.lstrip("0"))
        if zeros >= 7:
            found.append(float(byte not in (0,)))
            continue
        digits = rest[zeros + 1 :]
        step = (int(digits, 2) + 0.5 if digits else 0.5) / 2 ** len(digits)
        size = (0.1 + 0.9 * step) * 10.0**-zeros
        found.append(-size if sign == "1" else size)
    return np.sort(found)


@pytest.mark.parametrize(
    ("signed", "values", "code"),
    [(True, SIGNED, signed_code), (False, UNSIGNED, unsigned_code)],
)
def test_codes_are_the_bytes_of_the_paper(signed, values, code):
    np.testing.assert_allclose(values, by_bits(signed), rtol=1e-14)
    assert np.unique(values).size == 256 and values[-1] == 1.0 and 0.0 in values
    # Every value is its own nearest; so is what lies a little to either side of it.
    gaps = np.diff(values).min()

    @jit(cache=False)
    def coded(found, numbers):
        for k in range(numbers.size):
            found[k] = code(numbers[k])

    for shift in (0.0, 0.3 * gaps, -0.3 * gaps):
        found = np.empty(256, np.int64)
        coded(found, values + shift if signed else np.abs(values + shift))
        assert found.tolist() == list(range(256))


def quantised(x, values, scale):
    """What is read back of x, divided by its scale and put to the nearest value."""
    if scale == 0:
        return np.zeros_like(x)
    return scale * values[np.abs(x[:, None] / scale - values).argmin(axis=1)]


def steps_of_the_paper(p, gradients, tensors, **hyper):
    """Adam's steps on moments that are rounded, block by block, after each of them."""
    h = {**RULE.defaults, **hyper}
    m, v, sign = np.zeros_like(p), np.zeros_like(p), 1 - 2 * h["maximize"]
    for step, g in enumerate(gradients, 1):
        decay = 0 if h["decoupled_weight_decay"] else h["weight_decay"]
        d = g + sign * decay * p
        m = h["beta1"] * m + (1 - h["beta1"]) * d
        v = h["beta2"] * v + (1 - h["beta2"]) * d * d
        if h["decoupled_weight_decay"]:
            p = p * (1 - h["lr"] * h["weight_decay"])
        first, second = m / (1 - h["beta1"] ** step), v / (1 - h["beta2"] ** step)
        p = p - sign * h["lr"] * first / (np.sqrt(second) + h["eps"])
        for start, stop in tensors:
            for at in range(start, stop, BLOCK):
                block = slice(at, min(at + BLOCK, stop))
                top = m[block][np.abs(m[block]).argmax()]
                m[block] = quantised(m[block], by_bits(True), top)
                above = v[block] > 0
                top = v[block].max()
                v[block] = quantised(v[block], by_bits(False), top)
                # What is above zero stays so: it becomes the smallest number there is.
                least = np.where(above, by_bits(False)[1] * top, 0)
                v[block] = np.maximum(v[block], least)
    return p


@cache
def problem(sizes):
    net, rng = mlp(list(sizes)), np.random.default_rng(0)
    layout, n = matrices(net.layout), net.n_params
    edges = [0, *(e for s, i, o in layout.tolist() for e in (s, s + i * o)), n]
    tensors = [(a, b) for a, b in pairwise(edges) if b > a]
    scales = 10.0 ** rng.uniform(-3, 1, n)
    return layout, rng.normal(size=n), scales * rng.normal(size=(12, n)), tensors


@pytest.mark.parametrize("sizes", [(3, 2), (50, 90, 3)], ids=str)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lr": 0.03, "beta1": 0.7, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.07},
        {"weight_decay": 0.1, "decoupled_weight_decay": 1, "lr": 0.1},
        {"weight_decay": 0.1, "maximize": 1},
    ],
    ids=str,
)
def test_steps_follow_the_equations_of_the_paper(sizes, options):
    layout, start, gradients, tensors = problem(sizes)
    params = start.copy()
    state = RULE.init_state(params.size, np.float64, layout)
    for step, grad in enumerate(gradients, 1):
        RULE.update(params, grad, state, step=step, layout=layout, **options)
    wanted = steps_of_the_paper(start, gradients, tensors, **options)
    np.testing.assert_allclose(params, wanted, rtol=1e-10, atol=1e-12)
    assert np.abs(params - start).max() > 1e-3


@pytest.mark.parametrize("n", [1, 2047, 2048, 2049, 100_003])
def test_the_state_is_two_bytes_a_parameter_and_two_scales_a_block(n):
    state, blocks = RULE.init_state(n), -(-n // BLOCK)
    assert state.nbytes == 2 * 4 * -(-n // 4) + 2 * 4 * blocks
    assert n < 10_000 or state.nbytes < 0.26 * OPTIMIZERS["adam"].init_state(n).nbytes
    grad = np.linspace(-1, 1, n, dtype=np.float32)
    RULE.update(np.zeros(n, np.float32), grad, state)
    held, numbers = state[0, : 2 * -(-n // 4)], state[0, 2 * -(-n // 4) :]
    codes = held.view(np.uint8)
    # The first moment of the first step is a tenth of the gradient.
    m = SIGNED[codes[:n]] * np.repeat(numbers[::2], BLOCK)[:n]
    top = np.abs(grad).max()
    np.testing.assert_allclose(m, 0.1 * grad, atol=0.1 * top * 0.0072)
    assert np.isfinite(numbers).all() and numbers.size == 2 * blocks


def test_a_gradient_of_zero_does_not_divide_by_nothing():
    """Beside a large gradient a small one is lost in v, and not in m."""
    params, state = np.zeros(2), RULE.init_state(2, np.float64)
    for step, small in enumerate((1e-4, 1e-4, 0.0, 0.0), 1):
        before = params.copy()
        RULE.update(params, np.array([1.0, small]), state, step=step, lr=0.1)
        assert np.abs(params - before).max() < 0.2


def test_it_ends_near_adam():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 20)).astype(np.float32)
    y = (x[:, :3].prod(axis=1) > 0).astype(int)
    losses = {}
    for name in ("adam", "adam_8bit"):
        net = mlp([20, 64, 2])
        params = net.init(0)
        history = train(net, params, x, y, name, lr=0.01, epochs=60, seed=0)
        assert history.status == "ok"  # bytes that look like NaN are no numbers
        losses[name] = history.train_loss
    assert losses["adam_8bit"][-1] < 0.2 * losses["adam_8bit"][0]
    np.testing.assert_allclose(*(losses[n][:5] for n in losses), rtol=0.02)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_seen_in_its_block_and_in_the_status(bad):
    n = 3 * BLOCK
    params, grad = np.ones(n, np.float32), np.ones(n, np.float32)
    state = RULE.init_state(n)
    grad[BLOCK + 5] = bad
    RULE.update(params, grad, state)
    RULE.update(params, np.ones(n, np.float32), state, step=2)
    wrong = ~np.isfinite(params)
    assert wrong[BLOCK : 2 * BLOCK].all() and wrong.sum() == BLOCK
    net = mlp([2, 2, 2])
    x = np.array([[1e30, 1.0], [1.0, 1e30]], np.float32)
    history = train(net, net.init(0), x, [0, 1], RULE, lr=1e5, epochs=9)
    assert history.status == "diverged"


@pytest.mark.parametrize("wrap", [averaging, lookahead, max_norm])
def test_what_is_put_around_it_keeps_its_numbers_behind(wrap):
    rule, net = wrap(RULE), mlp([4, 9, 3])
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 4)), rng.integers(0, 3, 60)
    params = net.init(0)
    history = train(net, params, x, y, rule, lr=0.01, epochs=30)
    assert history.status == "ok"
    assert history.train_loss[-1] < history.train_loss[0]


def test_codes_need_a_tail_of_their_own():
    with pytest.raises(TypeError, match="its codes in a tail without slots"):
        replace(RULE, slots=1)
