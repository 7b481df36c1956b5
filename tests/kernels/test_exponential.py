"""Our exp against the long double one, and BLAS products against NumPy's."""

import numpy as np
import pytest
from gradclinic.kernels.exponential import exp
from gradclinic.kernels.jit import jit
from gradclinic.kernels.matmul import outer_sum, product, product_transposed
from hypothesis import given
from hypothesis import strategies as st


@jit
def exp_of(y, x):
    for k in range(x.size):
        y[k] = exp(x[k])


@pytest.mark.parametrize(
    ("dtype", "low", "high", "error"),
    [(np.float32, -87, 88.7, 4e-7), (np.float64, -708, 709.7, 5e-16)],
)
def test_exp_is_exact_to_its_last_bits(dtype, low, high, error):
    x = np.linspace(low, high, 200_001).astype(dtype)
    y = np.empty_like(x)
    exp_of(y, x)
    assert np.abs(y / np.exp(x.astype(np.longdouble)) - 1).max() < error


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exp_at_its_ends(dtype):
    x = np.array([np.nan, np.inf, -np.inf, 1e4, -1e4, 0.0, -0.0] * 9, dtype=dtype)
    y = np.empty_like(x)
    exp_of(y, x)
    wanted = np.array([np.nan, np.inf, 0, np.inf, 0, 1, 1] * 9, dtype=dtype)
    np.testing.assert_array_equal(y, wanted)


@jit
def products(y, dx, dw, x, w, dy, first, more):
    product(y, x, w)
    product_transposed(dx, dy, w)
    outer_sum(dw, x, dy, first, more)


@given(
    st.integers(1, 40),
    st.integers(1, 30),
    st.integers(1, 30),
    st.integers(0, 29),
    st.booleans(),
)
def test_products_are_numpys(b, i, o, first, more):
    first = min(first, i - 1)
    rng = np.random.default_rng(b)
    x, w, dy = (rng.normal(size=shape) for shape in ((b, i), (i, o), (b, o)))
    old = rng.normal(size=(i - first, o))
    y, dx, dw = np.empty((b, o)), np.empty((b, i)), old.copy()
    products(y, dx, dw, x, w, dy, first, more)
    np.testing.assert_allclose(y, x @ w, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(dx, dy @ w.T, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        dw, x[:, first:].T @ dy + more * old, rtol=1e-12, atol=1e-12
    )
