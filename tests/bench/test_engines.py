"""All ways to compute a step of SGD take the same step."""

import gc
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.execution.engines import ENGINES
from gradclinic.kernels import mlp

NET = mlp([6, 9, 5, 4], activation="relu", loss="cross_entropy")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 6)).astype(np.float32)
Y = RNG.integers(0, 4, (10, 1)).astype(np.float32)


def descended(steps, lr):
    """The parameters after steps of SGD on the network's own gradient, in float64."""
    params = NET.init(seed=1).astype(np.float64)
    for _ in range(steps):
        params -= lr * NET.loss_and_grad(params, X, Y)[1]
    return params


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("steps", [1, 7])
def test_engine_descends_the_gradient(name, steps):
    params = NET.init(seed=1)
    ENGINES[name](NET, params, X, Y, 0.3)(steps)
    np.testing.assert_allclose(params, descended(steps, 0.3), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("name", ENGINES)
def test_engine_goes_on_where_it_stopped(name):
    together, apart = NET.init(seed=1), NET.init(seed=1)
    ENGINES[name](NET, together, X, Y, 0.1)(5)
    run = ENGINES[name](NET, apart, X, Y, 0.1)
    run(2)
    run(3)
    np.testing.assert_allclose(apart, together, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["csv", "csv_thread", "binary"])
def test_a_file_of_rows_is_closed_with_its_engine(name):
    """The file has no name, so the descriptor is all that could be left."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    before = len(list(folder.iterdir()))
    run = ENGINES[name](NET, NET.init(seed=1), X, Y, 0.1)
    run(1)
    assert len(list(folder.iterdir())) == before + 1
    del run
    gc.collect()
    assert len(list(folder.iterdir())) == before
