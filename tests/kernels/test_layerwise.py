"""LARS, LAMB and Adafactor: one tensor at a time, and what their norms do at zero.

Their trajectories are compared with optax and torch.optim by the parity study.
"""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp

NET = mlp([4, 5, 3])
LAYERWISE = {
    "lars": {"lr": 0.5, "weight_decay": 0.1, "trust": 0.02},
    "lamb": {"lr": 0.05, "weight_decay": 0.1},
    "adafactor": {"lr": 0.1, "weight_decay": 0.1},
}


def walk(name, gradients, params, layout, **options):
    """Parameters after a step with each of the gradients."""
    optimizer, params = OPTIMIZERS[name], params.copy()
    state = optimizer.init_state(params.size, params.dtype, layout)
    for step, grad in enumerate(gradients, 1):
        optimizer.update(params, grad, state, step=step, layout=layout, **options)
    return params


@pytest.mark.parametrize("name", LAYERWISE)
def test_every_tensor_moves_as_if_alone(name, rng):
    n = NET.n_params
    params, gradients = rng.normal(size=n), rng.normal(size=(9, n))
    together = walk(name, gradients, params, NET.layout, **LAYERWISE[name])
    for _, start, shape in NET.layout:
        part = slice(start, start + int(np.prod(shape)))
        layout = [("w", 0, shape)] if len(shape) == 2 else []
        alone = walk(
            name, gradients[:, part].copy(), params[part], layout, **LAYERWISE[name]
        )
        np.testing.assert_allclose(together[part], alone, rtol=1e-13)


@pytest.mark.parametrize("name", LAYERWISE)
def test_a_tensor_of_zeros_moves_and_a_zero_gradient_moves_nothing(name, rng):
    params = NET.init(0, np.float64)
    bias, options = slice(20, 25), {"weight_decay": 0.0}
    assert (params[bias] == 0).all()
    g = rng.normal(size=(1, NET.n_params))
    moved = walk(name, g, params, NET.layout, **options)
    assert (moved != params).all()
    still = walk(name, np.zeros((2, NET.n_params)), params, NET.layout, **options)
    np.testing.assert_array_equal(still, params)


def test_a_ratio_is_one_where_a_norm_is_zero():
    g, options = np.full((1, 5), 0.25), {"lr": 0.5}
    lars = walk("lars", g, np.zeros(5), [], **options)
    np.testing.assert_allclose(lars, -0.125)
    lamb = walk("lamb", g, np.zeros(5), [], **options)
    np.testing.assert_allclose(lamb, -0.5, rtol=1e-5)


def test_adafactor_keeps_rows_and_columns_only():
    optimizer, wide = OPTIMIZERS["adafactor"], mlp([100, 200, 10])
    assert optimizer.state_shape(NET.n_params, NET.layout) == (1, 4 + 5 + 5 + 5 + 3 + 3)
    rows, numbers = optimizer.state_shape(wide.n_params, wide.layout)
    assert rows * numbers == 100 + 200 + 200 + 200 + 10 + 10
    assert optimizer.state_shape(7) == (1, 7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adafactor_without_eps1_takes_that_of_the_dtype(dtype):
    g = np.full((1, 3), 1e-9, dtype=dtype)
    eps = np.finfo(dtype).eps
    small = walk("adafactor", g, np.ones(3, dtype), [])
    same = walk("adafactor", g, np.ones(3, dtype), [], eps1=float(eps))
    np.testing.assert_array_equal(small, same)
    # u = g / max(|g|, eps), of root mean square at most 1; p moves by lr u.
    np.testing.assert_allclose(1 - small, 0.01 * min(1, 1e-9 / eps), rtol=1e-2)


@pytest.mark.parametrize("name", LAYERWISE)
def test_nan_in_the_gradient_stays_visible_in_its_tensor(name):
    params, g = np.ones(NET.n_params), np.ones((1, NET.n_params))
    g[0, 7] = np.nan
    moved = walk(name, g, params, NET.layout)
    assert np.isnan(moved[7])
    assert np.isfinite(moved[20:]).all()
