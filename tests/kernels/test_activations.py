"""Every activation: values, slopes, extremes, NaN."""

import numpy as np
import pytest
from gradclinic.kernels import layers, sequential
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.functions import compiled
from hypothesis import given
from hypothesis import strategies as st

from . import naive
from .differences import gradient, relative_error

DRAW = np.zeros(4, dtype=np.uint32)


def forward(name, x):
    """f(x) through the activation layer. x: float[b, o]."""
    net = sequential(x.shape[1:], [layers.Activation(name)], "mse")
    (node,), row, y = net.nodes, net.table[0], np.empty_like(x)
    nothing, none = np.empty((len(x), 0), x.dtype), np.empty(0, x.dtype)
    rule = compiled(node.kind.forward, "forward", x.dtype.name)
    rule(y, nothing, x, none, none, row, 0.0, DRAW, 0, 0)
    return y


def slope(name, x):
    """f'(x) through the layer that computes it in a network."""
    net = sequential(x.shape[1:], [layers.Activation(name)], "mse")
    (node,), row, dx = net.nodes, net.table[0], np.empty_like(x)
    backward = compiled(node.kind.backward, "backward", x.dtype.name)
    nothing, none = np.empty((len(x), 0), x.dtype), np.empty(0, x.dtype)
    y, dy = forward(name, x), np.ones_like(x)
    backward(dx, dy, nothing, x, y, none, row, 0.0, DRAW, 0, 0)
    return dx


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(rows=st.integers(1, 6), width=st.integers(1, 20), seed=st.integers(0, 999))
def test_the_slope_is_that_of_the_formula(name, rows, width, seed):
    x = np.random.default_rng(seed).normal(size=(rows, width))
    x += 0.01 * np.sign(x)  # away from the kinks at zero
    differences = gradient(lambda x: forward(name, x).sum(), x)
    assert relative_error(slope(name, x), differences) <= 1e-6


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_are_those_of_the_definition(name):
    x = np.linspace(-30, 30, 601).reshape(-1, 1)
    formula, derivative = naive.ACTIVATIONS[name]
    np.testing.assert_allclose(forward(name, x), formula(x), rtol=1e-12, atol=1e-15)
    x = x[x != 0].reshape(-1, 1)
    np.testing.assert_allclose(slope(name, x), derivative(x), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_follows_float64(name):
    x = np.linspace(-12, 12, 241).reshape(-1, 1)
    single = x.astype(np.float32)
    np.testing.assert_allclose(
        forward(name, single), forward(name, x), rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(
        slope(name, single), slope(name, x), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_huge_inputs_do_not_overflow(name, dtype):
    x = np.array([[-1e30, -1e4, -800, 800, 1e4, 1e30]], dtype=dtype)
    assert np.isfinite(forward(name, x)).all()
    assert np.isfinite(slope(name, x)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_stays_visible(name, dtype):
    # More entries than a vector register holds, so that the vectorised loop is tested.
    x = np.full((3, 37), np.nan, dtype=dtype)
    assert np.isnan(forward(name, x)).all()
