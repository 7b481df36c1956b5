"""Norms are those of NumPy in float64, of numbers whose squares float32 cannot hold."""

import numpy as np
import pytest
from gradclinic.kernels import mlp, train, train_population
from gradclinic.kernels.cuda import batch_place, magnitude, norms
from numba import cuda

from ..quick import first_or_exhaustive

CLOSE = {"float32": 1e-5, "float64": 1e-12}
# In the simulator a number of NumPy warns of what a device computes without a word.
pytestmark = pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
SCALES = first_or_exhaustive((1e-12, 1.0, 1e10, 2.0**40, 1e13, 2e19, 1e37), (1.0, 2e19))
dtypes = pytest.mark.parametrize("dtype", CLOSE)


def norm_of(g, dtype):
    """|g| by the two kernels of a step."""
    blocks = min(norms.blocks_of(len(g)), 3)
    partial = cuda.to_device(np.full(2 * blocks, 7, dtype))
    out = cuda.to_device(np.full(1, 7, dtype))
    place = cuda.to_device(np.zeros(batch_place.PLACES, np.int32))
    norms.squares.launch(dtype, blocks, 0, partial, cuda.to_device(g.astype(dtype)))
    norms.norm.launch(dtype, 1, 0, out, partial, place)
    return out.copy_to_host()[0]


@dtypes
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", first_or_exhaustive((1, 2, 37), (37,)))
def test_norm(size, scale, dtype):
    g = scale * np.random.default_rng(size).uniform(0.5, 1.5, size)
    np.testing.assert_allclose(norm_of(g, dtype), np.linalg.norm(g), CLOSE[dtype])


@dtypes
def test_large_numbers_beside_small_ones(dtype):
    """Each just beyond the other's sum, and a million of one for each of the other."""
    for g in ([3e12, 4e12, 1e12, 0.5], [1.05e12] * 50 + [1.2e12], [0.0, 1e30, 1e-30]):
        g = np.array(g)
        np.testing.assert_allclose(norm_of(g, dtype), np.linalg.norm(g), CLOSE[dtype])


@dtypes
@pytest.mark.parametrize(
    "bad", first_or_exhaustive((np.nan, np.inf, -np.inf), (np.inf,))
)
@pytest.mark.parametrize("rest", first_or_exhaustive((1.0, 2e19), (2e19,)))
def test_what_is_not_finite_has_no_norm(bad, rest, dtype):
    assert np.isnan(norm_of(np.array([rest, bad, rest]), dtype))


@dtypes
@pytest.mark.parametrize("scale", SCALES)
def test_moved(scale, dtype):
    rng, blocks = np.random.default_rng(0), 2
    before = (scale * rng.normal(size=21)).astype(dtype)
    after = (before + scale * rng.normal(size=21)).astype(dtype)
    both = cuda.to_device(np.full(4 * blocks, 7, dtype))
    arrays = (cuda.to_device(before), cuda.to_device(after))
    norms.moved.launch(dtype, blocks, 0, both, *arrays)
    sums = both.copy_to_host().reshape(2, 2, blocks).sum(axis=2, dtype=float)
    step = after.astype(float) - before.astype(float)
    wanted = [np.sum(step**2), np.sum(before.astype(float) ** 2)]
    np.testing.assert_allclose(magnitude.added(*sums.T), wanted, 10 * CLOSE[dtype])


def steep():
    """(network, params, x, y) whose gradient is (-2e19, -2e19) in float32."""
    x = np.array([[1.0]], np.float32)
    return mlp([1, 1], loss="mse"), np.zeros(2, np.float32), x, 1e19 * x


def test_a_gradient_is_clipped_whose_square_overflows():
    net, params, x, y = steep()
    how = {"optimizer": "sgd", "lr": 0.1, "clip_norm": 1.0, "epochs": 1}
    history = train(net, params, x, y, device="cuda", batch_size=None, **how)
    np.testing.assert_allclose(params, 0.1 / np.sqrt(2), rtol=1e-5)
    np.testing.assert_allclose(history.gradient_norm, np.sqrt(8) * 1e19, rtol=1e-5)


def test_so_it_is_in_a_population():
    net, _, x, y = steep()
    how = {"optimizer": "sgd", "clip_norm": 1.0, "epochs": 1, "initialiser": "zeros"}
    runs = train_population(net, x, y, [0], 0.1, device="cuda", batch_size=None, **how)
    np.testing.assert_allclose(runs.params, 0.1 / np.sqrt(2), rtol=1e-5)
    np.testing.assert_allclose(runs.gradient_norm, np.sqrt(8) * 1e19, rtol=1e-5)
