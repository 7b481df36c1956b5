"""Every optimizer against its equations in NumPy, and what each declares."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train

from . import naive

# Values away from the defaults, so that no term passes untested.
STRANGE = {"lr": 0.03, "weight_decay": 0.07, "momentum": 0.8, "beta1": 0.7, "eps": 1e-3}


def follow(name, options, steps=50, n=23):
    """(kernel's, NumPy's) parameters after some steps on a noisy quadratic bowl."""
    optimizer, rng = OPTIMIZERS[name], np.random.default_rng(0)
    params = rng.normal(size=n)
    state, slots, wanted = optimizer.init_state(n, np.float64), {}, params.copy()
    for step in range(1, steps + 1):
        noise = rng.normal(size=n)
        optimizer.update(params, params + noise, state, step=step, **options)
        g, hyper = wanted + noise, {**optimizer.defaults, **options}
        wanted = naive.OPTIMIZERS[name](wanted, g, slots, step, **hyper)
    return params, wanted


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_follow_the_equations(name):
    known = OPTIMIZERS[name].defaults
    for options in ({}, {k: v for k, v in STRANGE.items() if k in known}):
        got, wanted = follow(name, options)
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_it_declares(name):
    optimizer = OPTIMIZERS[name]
    assert optimizer.name == name
    assert next(iter(optimizer.defaults)) == "lr"
    assert any(character.isdigit() for character in optimizer.source)
    state = optimizer.init_state(7)
    assert state.shape == (optimizer.slots, 7)
    assert state.dtype == np.float32
    assert not state.any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_in_place_and_leaves_the_gradient(name):
    optimizer = OPTIMIZERS[name]
    params, grad = np.ones(5, dtype=np.float32), np.full(5, 0.5, dtype=np.float32)
    state = optimizer.init_state(5)
    assert optimizer.update(params, grad, state) is None
    assert (params < 1).all()
    assert (grad == 0.5).all()
    assert state.any() == (optimizer.slots > 0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_nan_in_the_gradient_stays_visible(name):
    optimizer = OPTIMIZERS[name]
    params, grad = np.ones(37, dtype=np.float32), np.ones(37, dtype=np.float32)
    grad[[0, 20, 36]] = np.nan
    optimizer.update(params, grad, optimizer.init_state(37))
    np.testing.assert_array_equal(np.isnan(params), np.isnan(grad))


@pytest.mark.parametrize(
    "name", [n for n, o in OPTIMIZERS.items() if "weight_decay" in o.defaults]
)
def test_weight_decay_shrinks_without_a_gradient(name):
    params, optimizer = np.ones(4), OPTIMIZERS[name]
    state = optimizer.init_state(4, np.float64)
    optimizer.update(params, np.zeros(4), state, lr=0.1, weight_decay=0.1)
    assert (params < 1).all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"bta1": 0.5}, ValueError, "did you mean 'beta1'"),
        ({"lr": "fast"}, TypeError, "lr must be a number"),
        ({"lr": np.nan}, ValueError, "lr must be finite"),
        ({"step": 0}, ValueError, "step must be at least 1"),
        ({"step": 1.5}, TypeError, "step must be a whole number"),
        ({"grad": np.ones(4)}, ValueError, "grad must have shape"),
        ({"grad": np.ones(3, np.float32)}, TypeError, "grad must be float64"),
        ({"state": np.zeros((1, 3))}, ValueError, "state must have shape"),
        ({"params": [1.0, 2.0, 3.0]}, TypeError, "params must be a NumPy array"),
        ({"params": np.ones(3, int)}, TypeError, "params must be float32 or float64"),
        ({"params": np.ones(6)[::2]}, ValueError, "params must be C-contiguous"),
    ],
)
def test_a_wrong_argument_is_one_sentence(change, error, words):
    arguments = {"params": np.ones(3), "grad": np.ones(3), "state": np.zeros((2, 3))}
    with pytest.raises(error, match=words) as caught:
        OPTIMIZERS["adam"].update(**{**arguments, **change})
    assert "\n" not in str(caught.value)


def test_gradient_descent_takes_all_rows(rng):
    net = mlp([3, 2], loss="mse")
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    params = net.init(0, np.float64)
    expected = params - 0.1 * net.loss_and_grad(params, x, y)[1]
    descent = {"optimizer": "gradient_descent", "lr": 0.1, "epochs": 1}
    train(net, params, x, y, batch_size=4, **descent)
    np.testing.assert_allclose(params, expected, rtol=1e-12)
