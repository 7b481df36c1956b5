"""Every loss: slopes, definitions, huge outputs, NaN and infinity."""

import numpy as np
import pytest
from gradclinic.kernels import layers, sequential
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.losses import LOSSES
from hypothesis import assume, given
from hypothesis import strategies as st

from . import naive
from .differences import gradient, relative_error

CASES = [(name, width) for name in LOSSES for width in (1, 2, 7)]
ONE_EACH = ("cross_entropy", "soft_cross_entropy")  # an output for every class
CASES = [case for case in CASES if case[0] not in ONE_EACH or case[1] > 1]


def targets(name, rows, width, rng):
    """Random targets of the loss's kind, float64[rows, k]."""
    net = sequential((1,), [layers.Dense(width)], name)
    return {
        "class": rng.integers(0, width, (rows, 1)).astype(float),
        "binary": rng.integers(0, 2, (rows, width)).astype(float),
        "value": rng.normal(size=(rows, width)),
        "share": rng.dirichlet(np.ones(width), rows),
    }[net.target_kind]


def loss(name, z, y):
    """(summed loss, dz at scale 1). z, y: float[rows, columns]."""
    dz = np.full_like(z, 5)
    total = compiled(LOSSES[name].loss, "loss", z.dtype.name)(dz, z, y, 1.0)
    return total, dz


@pytest.mark.parametrize(("name", "width"), CASES)
@given(rows=st.integers(1, 6), seed=st.integers(0, 999))
def test_the_gradient_is_the_slope_of_the_loss(name, width, rows, seed):
    rng = np.random.default_rng(seed)
    z, y = 2 * rng.normal(size=(rows, width)), targets(name, rows, width, rng)
    dz = loss(name, z, y)[1]
    for column in np.ndindex(z.shape):
        # No kink within reach of a difference: the gradient must not jump there.
        near = z.copy()
        near[column] += 1e-3
        assume(np.abs(loss(name, near, y)[1] - dz).max() < 0.05)
        near[column] -= 2e-3
        assume(np.abs(loss(name, near, y)[1] - dz).max() < 0.05)
    differences = gradient(lambda z: loss(name, z, y)[0], z)
    assert relative_error(dz, differences) <= 1e-6


@pytest.mark.parametrize(("name", "width"), CASES)
@given(rows=st.integers(1, 6), seed=st.integers(0, 999))
def test_values_are_those_of_the_definition(name, width, rows, seed):
    rng = np.random.default_rng(seed)
    z, y = 3 * rng.normal(size=(rows, width)), targets(name, rows, width, rng)
    losses, slopes = naive.LOSSES[name](z, y)
    share = width if losses.ndim == 2 else 1
    total, dz = loss(name, z, y)
    np.testing.assert_allclose(total, losses.sum() / share, rtol=1e-12)
    np.testing.assert_allclose(dz, slopes / share, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("name", "width"), CASES)
def test_float32_follows_float64(name, width, rng):
    z, y = rng.normal(size=(9, width)), targets(name, 9, width, rng)
    single, double = loss(name, z.astype("f4"), y.astype("f4")), loss(name, z, y)
    np.testing.assert_allclose(single[0], double[0], rtol=1e-5)
    np.testing.assert_allclose(single[1], double[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "width"), CASES)
def test_huge_outputs_do_not_overflow(name, width, dtype, rng):
    signs = rng.choice([-1, 1], size=(16, width))
    z, y = (1e4 * signs).astype(dtype), targets(name, 16, width, rng).astype(dtype)
    total, dz = loss(name, z, y)
    assert np.isfinite(total)
    assert np.isfinite(dz).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("width", [2, 7])
def test_the_largest_logit_may_stand_in_any_column(width, dtype):
    """It exceeds the rest by more than exp can bear in either dtype."""
    z = np.zeros((width, width), dtype)
    np.fill_diagonal(z, 900)
    right = np.arange(width, dtype=dtype)[:, None]
    total, dz = loss("cross_entropy", z, right)
    assert total == 0 and not dz.any()
    wrong = (right + 1) % width
    total, dz = loss("cross_entropy", z, wrong)
    assert total == 900 * width
    expected = np.eye(width)
    expected[np.arange(width), wrong[:, 0].astype(int)] = -1
    np.testing.assert_array_equal(dz, expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "width"), CASES)
def test_nan_in_any_place_stays_visible(name, width, dtype, rng):
    y = targets(name, 5, width, rng).astype(dtype)
    for index in np.ndindex(5, width):
        z = rng.normal(size=(5, width)).astype(dtype)
        z[index] = np.nan
        assert np.isnan(loss(name, z, y)[0]), index


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "width"), CASES)
def test_infinity_is_never_a_finite_loss_on_the_wrong_side(name, width, dtype, rng):
    y = targets(name, 5, width, rng).astype(dtype)
    wrong = np.full((5, width), np.inf)
    if y.shape == (5, width) and set(np.unique(y)) <= {0, 1}:
        wrong[y > 0] = -np.inf
    elif y.shape != (5, width):
        wrong[np.arange(5), y[:, 0].astype(int)] = -np.inf
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(loss(name, wrong.astype(dtype), y)[0])


def test_the_scale_multiplies_the_gradient_only(rng):
    z, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    dz = np.empty_like(z)
    rule = compiled(LOSSES["mse"].loss, "loss", "float64")
    assert rule(dz, z, y, 0.25) == loss("mse", z, y)[0]
    np.testing.assert_allclose(dz, 0.25 * loss("mse", z, y)[1])
