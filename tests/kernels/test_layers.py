"""Every layer kind: backward against finite differences, and what it promises."""

import numpy as np
import pytest
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.layers import GRADIENTS, KINDS
from gradclinic.kernels.network import Layer, Network
from gradclinic.kernels.table import EVALUATE
from hypothesis import given
from hypothesis import strategies as st

from .differences import gradient, relative_error

TRAINING = 3  # any step number but EVALUATE


class Bench:
    """One layer of a kind on random numbers, its passes called directly."""

    def __init__(self, kind, rows, width, seed, dtype="float64"):
        # A smooth activation of the sort the kind takes, and a setting that serves as
        # rate or deviation.
        activation = "gelu" if kind == "activation" else "tanh"
        layer = Layer(kind, width, width, activation, 0.3)
        self.row, self.setting = Network((layer,), "mse").table[0], layer.setting
        self.forward = compiled(KINDS[kind].forward, "forward", dtype)
        self.backward = compiled(KINDS[kind].backward, "backward", dtype)
        self.gradient = compiled(GRADIENTS[kind], "gradient", dtype)
        rng = np.random.default_rng(seed)
        self.x = rng.normal(size=(rows, width)).astype(dtype)
        self.w = rng.normal(size=layer.size).astype(dtype)
        self.dy = rng.normal(size=(rows, width)).astype(dtype)
        self.draw = np.array([seed, 0, TRAINING, 5], dtype=np.uint32)

    def output(self):
        y = np.full_like(self.x, np.nan)
        self.forward(y, self.x, self.w, self.row, self.setting, self.draw)
        return y

    def gradients(self):
        """(dx, dw) for the objective sum(dy * y)."""
        y, dx, dw = self.output(), np.empty_like(self.x), np.empty_like(self.w)
        dz = self.dy.copy()
        self.backward(dx, dz, self.x, y, self.w, self.row, self.setting, self.draw)
        self.gradient(dw, dz, self.x, self.row, 0, False)
        return dx, dw

    def objective(self, _):
        return (self.dy * self.output()).sum()


@pytest.mark.parametrize("step", [EVALUATE, TRAINING])
@pytest.mark.parametrize("kind", KINDS)
@given(rows=st.integers(1, 5), width=st.integers(1, 9), seed=st.integers(0, 999))
def test_backward_is_the_slope_of_forward(kind, step, rows, width, seed):
    bench = Bench(kind, rows, width, seed)
    bench.draw[2] = step
    dx, dw = bench.gradients()
    assert relative_error(dx, gradient(bench.objective, bench.x)) <= 1e-6
    assert relative_error(dw, gradient(bench.objective, bench.w)) <= 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_float32_follows_float64(kind):
    single, double = Bench(kind, 7, 9, 1, "float32"), Bench(kind, 7, 9, 1)
    np.testing.assert_allclose(single.output(), double.output(), rtol=1e-4, atol=1e-5)
    for one, two in zip(single.gradients(), double.gradients(), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_layer_needs_no_input_gradient(kind):
    bench = Bench(kind, 4, 6, 2)
    y, none, dz = bench.output(), np.empty((0, 6)), bench.dy.copy()
    bench.backward(none, dz, bench.x, y, bench.w, bench.row, 0.3, bench.draw)
    dw = np.empty_like(bench.w)
    bench.gradient(dw, dz, bench.x, bench.row, 0, False)
    np.testing.assert_array_equal(dw, bench.gradients()[1])


@given(first=st.integers(0, 6), rows=st.integers(1, 9))
def test_a_dense_gradient_comes_in_parts_and_adds_up(first, rows):
    bench = Bench("dense", rows, 6, 2)
    whole, parts = bench.gradients()[1], np.full_like(bench.w, np.nan)
    dz = bench.dy.copy()
    bench.backward(
        np.empty((0, 6)), dz, bench.x, bench.output(), bench.w, bench.row, 0.3,
        bench.draw,
    )  # fmt: skip
    for part, start in ((parts[: 6 * first], 0), (parts[6 * first :], first)):
        bench.gradient(part, dz, bench.x, bench.row, start, False)
    np.testing.assert_allclose(parts, whole, rtol=1e-12, atol=1e-14)
    bench.gradient(parts, dz, bench.x, bench.row, 0, True)
    np.testing.assert_allclose(parts, 2 * whole, rtol=1e-12, atol=1e-14)


def test_dropout_keeps_its_share_and_the_mean():
    bench = Bench("dropout", 400, 50, 3)
    bench.x[:] = 1
    y = bench.output()
    assert set(np.unique(y)) == {0, 1 / (1 - 0.3)}
    # The share of 20,000 coin tosses has a standard deviation of .0032.
    assert abs((y == 0).mean() - 0.3) < 0.013


@pytest.mark.parametrize("kind", ["dropout", "noise"])
def test_random_layers_are_off_in_evaluation_and_follow_their_key(kind):
    bench = Bench(kind, 6, 7, 4)
    first = bench.output()
    np.testing.assert_array_equal(first, bench.output())
    bench.draw[2] += 1
    assert not np.array_equal(first, bench.output())
    bench.draw[2] = EVALUATE
    np.testing.assert_array_equal(bench.output(), bench.x)


@pytest.mark.parametrize("kind", ["dropout", "noise"])
def test_a_row_draws_the_same_in_any_piece_of_the_batch(kind):
    whole, part = Bench(kind, 8, 5, 5), Bench(kind, 8, 5, 5)
    part.x, part.draw[3] = part.x[3:].copy(), part.draw[3] + 3
    np.testing.assert_array_equal(whole.output()[3:], part.output())


def test_noise_has_its_deviation():
    bench = Bench("noise", 400, 50, 6)
    noise = bench.output() - bench.x
    assert abs(noise.mean()) < 0.01
    assert abs(noise.std() - 0.3) < 0.01
