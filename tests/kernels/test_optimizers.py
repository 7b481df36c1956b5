"""Every optimizer against its equations in NumPy, and what each declares."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from gradclinic.kernels.optimizers import nadam

from . import naive

# Values away from the defaults, so that no term passes untested.
STRANGE = {"lr": 0.03, "weight_decay": 0.07, "momentum": 0.8, "beta1": 0.7, "eps": 1e-3}
SWITCHES = ({}, {"maximize": 1}, {"nesterov": 1}, {"decoupled_weight_decay": 1})


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


@pytest.mark.parametrize("name", naive.OPTIMIZERS)
def test_fifty_steps_follow_the_equations(name):
    known = OPTIMIZERS[name].defaults
    strange = {k: v for k, v in {**STRANGE, "dampening": 0.4}.items() if k in known}
    switched = [{**strange, **s} for s in SWITCHES if s.keys() <= known.keys()]
    for options in ({}, *switched):
        got, wanted = follow(name, options)
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_it_declares(name):
    optimizer = OPTIMIZERS[name]
    assert optimizer.name == name
    assert next(iter(optimizer.defaults)) == "lr"
    assert any(character.isdigit() for character in optimizer.source)
    assert set(optimizer.defaults) <= set(optimizer.bounds)
    state = optimizer.init_state(7)
    assert state.shape == optimizer.state_shape(7)
    assert state.dtype == np.float32
    assert not state.any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_in_place_and_leaves_the_gradient(name):
    optimizer = OPTIMIZERS[name]
    params, grad = np.ones(5, dtype=np.float32), np.full(5, 0.5, dtype=np.float32)
    state = optimizer.init_state(5)
    for call in range(1, optimizer.gradients + 1):
        assert optimizer.update(params, grad, state, step=call) is None
    assert (params < 1).all()
    assert (grad == 0.5).all()
    assert state.any() == (state.size > 0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_nan_in_the_gradient_stays_visible(name):
    optimizer = OPTIMIZERS[name]
    params, grad = np.ones(37, dtype=np.float32), np.ones(37, dtype=np.float32)
    grad[[0, 20, 36]] = np.nan
    optimizer.update(params, grad, optimizer.init_state(37))
    assert np.isnan(params[np.isnan(grad)]).all()
    if optimizer.elementwise:
        np.testing.assert_array_equal(np.isnan(params), np.isnan(grad))


@pytest.mark.parametrize(
    "name", [n for n, o in OPTIMIZERS.items() if "weight_decay" in o.defaults]
)
def test_weight_decay_shrinks_without_a_gradient(name):
    params, optimizer = np.ones(4), OPTIMIZERS[name]
    state = optimizer.init_state(4, np.float64)
    options = {"lr": 0.1, "weight_decay": 0.1}
    for call in range(1, optimizer.gradients + 1):
        optimizer.update(params, np.zeros(4), state, step=call, **options)
    assert (params < 1).all()


@pytest.mark.parametrize(
    "name", [n for n, o in OPTIMIZERS.items() if "maximize" in o.defaults]
)
def test_to_maximize_is_to_minimize_the_negative(name):
    optimizer, rng = OPTIMIZERS[name], np.random.default_rng(0)
    decay = {"weight_decay": 0.1} if "weight_decay" in optimizer.defaults else {}
    down, up = np.ones(9), np.ones(9)
    states = [optimizer.init_state(9, np.float64) for _ in range(2)]
    for step in range(1, 21):
        grad = rng.normal(size=9)
        optimizer.update(down, -grad, states[0], step=step, **decay)
        optimizer.update(up, grad, states[1], step=step, maximize=1, **decay)
    np.testing.assert_allclose(up, down, rtol=1e-12)


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
        ({"layout": None}, ValueError, "layout must be a Network.layout"),
        ({"layout": [("w", 0, (2, 2))]}, ValueError, "does not lie in 3 parameters"),
        ({"layout": [("w", -1, (1, 2))]}, ValueError, "does not lie in 3 parameters"),
        ({"layout": np.zeros((1, 2))}, ValueError, "layout must be a Network.layout"),
        ({"step": 10**30}, ValueError, "step must be at most"),
        ({"beta1": 1.0}, ValueError, "beta1 must be between 0 and 1, but not 1"),
    ],
)
def test_a_wrong_argument_is_one_sentence(change, error, words):
    arguments = {"params": np.ones(3), "grad": np.ones(3), "state": np.zeros((2, 3))}
    with pytest.raises(error, match=words) as caught:
        OPTIMIZERS["adam"].update(**{**arguments, **change})
    assert "\n" not in str(caught.value)


def regression(rng):
    net = mlp([3, 2], loss="mse")
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    return net, net.init(0, np.float64), x, y


def test_gradient_descent_takes_all_rows(rng):
    net, params, x, y = regression(rng)
    expected = params - 0.1 * net.loss_and_grad(params, x, y)[1]
    descent = {"optimizer": "gradient_descent", "lr": 0.1, "epochs": 1}
    train(net, params, x, y, batch_size=4, **descent)
    np.testing.assert_allclose(params, expected, rtol=1e-12)


def test_rprop_sees_only_signs(rng):
    net, params, x, y = regression(rng)
    expected = params - 0.05 * np.sign(net.loss_and_grad(params, x, y)[1])
    train(net, params, x, y, batch_size=4, optimizer="rprop", lr=0.05, epochs=1)
    np.testing.assert_allclose(params, expected, rtol=1e-12)


def test_asgd_leaves_the_mean_of_the_iterates(rng):
    net, params, x, y = regression(rng)
    options = {"lr": 0.1, "lambd": 0.0, "t0": 2}
    iterate, later = params.copy(), []
    for _ in range(10):
        iterate = iterate - 0.1 * net.loss_and_grad(iterate, x, y)[1]
        later.append(iterate)
    train(net, params, x, y, "asgd", batch_size=None, epochs=10, **options)
    # With mu = 1 / max(1, step - 1 - t0) the mean begins at step t0 + 2, the fourth.
    np.testing.assert_allclose(params, np.mean(later[3:], axis=0), rtol=1e-12)


def test_averages_are_told_apart_from_what_is_trained():
    asgd, sgd, params = OPTIMIZERS["asgd"], OPTIMIZERS["sgd"], np.ones(3)
    state = asgd.init_state(3, np.float64)
    for step in range(1, 4):
        asgd.update(params, np.ones(3), state, step=step, lr=0.1, lambd=0.0, t0=0)
    # Steps to 0.9, 0.8, 0.7; with t0 = 0 the last two are averaged.
    np.testing.assert_allclose(params, 0.7, rtol=1e-12)
    np.testing.assert_allclose(asgd.averaged(params, state, 3), 0.75, rtol=1e-12)
    none = np.zeros((0, 3))
    assert sgd.averaged(params, none) is not params
    np.testing.assert_array_equal(sgd.averaged(params, none), params)
    with pytest.raises(ValueError, match="state must have shape"):
        asgd.averaged(params, none)


def test_a_constant_gradient_leaves_the_centred_variance_real():
    # v - a^2 is 0 but for rounding, which in float32 falls below 0.
    for name in ("rmsprop_centered", "rmsprop_centered_momentum"):
        optimizer, params = OPTIMIZERS[name], np.zeros(64, dtype=np.float32)
        grad = np.linspace(0.1, 3, 64, dtype=np.float32)
        state = optimizer.init_state(64)
        for step in range(1, 2001):
            optimizer.update(params, grad, state, step=step, lr=1e-6)
        assert np.isfinite(params).all()


def test_the_momenta_of_nadam_are_their_product():
    for beta1, rate in ((0.9, 4e-3), (0.99, 0.5), (0.999, 0.0)):
        mu = [beta1 * (1 - 0.5 * 0.96 ** (t * rate)) for t in range(1, 302)]
        for step in (1, 2, 10, 300):
            now, after, product = nadam.momenta(beta1, rate, step)
            assert (now, after) == pytest.approx((mu[step - 1], mu[step]), rel=1e-14)
            assert product == pytest.approx(np.prod(mu[:step]), rel=1e-12, abs=1e-18)
