"""sigmoid and tanh of gates against those of a longer format."""

import numpy as np
import pytest
from gradclinic.kernels import gates
from gradclinic.kernels.jit import jit

BOUND = {np.float32: 2e-6, np.float64: 3e-15}
every_dtype = pytest.mark.parametrize("dtype", BOUND)


@jit(cache=False)
def both(s, t, z):
    """s = sigmoid(z), t = tanh(z). float[m]."""
    for k in range(z.size):
        s[k] = gates.sigmoid(z[k])
        t[k] = gates.tanh(z[k])


def values(z):
    s, t = np.empty_like(z), np.empty_like(z)
    both(s, t, z)
    return s, t


@every_dtype
def test_both_are_near_those_of_a_longer_format(dtype):
    small = 10.0 ** np.linspace(-30, 1, 3000)
    z = np.concatenate([np.linspace(-20, 20, 40001), small, -small, [0]]).astype(dtype)
    s, t = values(z)
    wide = z.astype(np.longdouble)
    wanted = 1 / (1 + np.exp(-wide))
    assert (np.abs(s - wanted) / wanted).max() < BOUND[dtype]
    wanted = np.tanh(wide)
    assert (np.abs(t - wanted) <= BOUND[dtype] * np.abs(wanted)).all()


@every_dtype
def test_both_end_where_they_should(dtype):
    z = np.array([np.nan, np.inf, 1e30, 2000, 90, 0, -90, -2000, -1e30, -np.inf], dtype)
    s, t = values(z)
    assert np.isnan(s[0]) and np.isnan(t[0])
    np.testing.assert_array_equal(t[1:], np.sign(z[1:]))
    np.testing.assert_allclose(s[1:], [1] * 4 + [0.5] + [0] * 4, atol=1e-37)


def test_python_calls_the_same():
    assert gates.exp_less_one(1.0) == pytest.approx(np.e - 1)
