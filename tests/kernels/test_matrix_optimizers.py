"""Muon, Shampoo and SOAP on a network's matrices; averages and estimated rates."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from gradclinic.kernels.factors import LARGEST
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.memory import predicted_bytes
from gradclinic.kernels.optimizer import NO_LAYOUT, matrices

from . import naive_matrices, naive_rate_free

# More inputs than outputs, fewer, and as many; a side of one.
NET = mlp([6, 4, 9, 9, 1], "tanh", "mse")
LAYOUT = matrices(NET.layout)
MUON = {"lr": 0.05, "beta1": 0.7, "adam_eps": 1e-3, "weight_decay": 0.07}
SQUARE = mlp([5, 5, 5], "tanh", "mse")
# In SOAP's test every factor has full rank after one gradient: the eigenvectors of
# others are left to chance. So both sides of squares only, else the smaller one.
CASES = {
    "muon": (
        (NET, {}),
        (NET, {**MUON, "momentum": 0.8, "nesterov": 0.0, "eps": 9.0, "adjust_lr": 1.0}),
        (NET, {**MUON, "beta2": 0.9, "ns_steps": 4.0, "adjust_lr": 2.0}),
        (NET, {**MUON, "ns_a": 2.0, "ns_b": -1.5, "ns_c": 0.5, "adjust_lr": 3.0}),
    ),
    "shampoo": (
        (NET, {}),
        (NET, {"lr": 0.03, "momentum": 0.0, "eps": 0.1, "interval": 3.0}),
        (NET, {"weight_decay": 0.07, "interval": 1.0, "max_dim": 6.0}),
        (NET, {"eps": 0.1, "momentum": 0.8, "max_dim": 0.0}),
    ),
    "soap": (
        (SQUARE, {}),
        (SQUARE, {"lr": 0.03, "beta1": 0.7, "beta2": 0.9, "interval": 3.0}),
        (NET, {"weight_decay": 0.07, "eps": 1e-3, "interval": 1.0, "max_dim": 4.0}),
        (NET, {"max_dim": 0.0}),
    ),
}


def steps(net, count=25):
    """(step, gradient noise float64[n]) of some steps."""
    rng = np.random.default_rng(0)
    return enumerate(rng.normal(size=(count, net.n_params)), 1)


def noise():
    return np.random.default_rng(0).normal(size=NET.n_params)


@pytest.mark.parametrize("name", CASES)
def test_steps_follow_the_equations_of_the_papers(name):
    for net, options in CASES[name]:
        optimizer, slots, layout = OPTIMIZERS[name], {}, matrices(net.layout)
        got, hyper = net.init(0, np.float64), {**optimizer.defaults, **options}
        state, wanted = optimizer.init_state(got.size, np.float64, layout), got.copy()
        for step, noise in steps(net):
            grad = got + noise
            optimizer.update(got, grad, state, step=step, layout=layout, **options)
            wanted = naive_matrices.RULES[name](
                wanted, wanted + noise, slots, step, layout.tolist(), **hyper
            )
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_float32_stays_near_float64(name):
    optimizer, found = OPTIMIZERS[name], {}
    net = CASES[name][0][0]
    layout = matrices(net.layout)
    for dtype in (np.float32, np.float64):
        params = net.init(0, np.float64).astype(dtype)
        state = optimizer.init_state(params.size, dtype, layout)
        for step, noise in steps(net):
            grad = (params + noise).astype(dtype)
            optimizer.update(params, grad, state, step=step, layout=layout)
        found[dtype] = params
    np.testing.assert_allclose(found[np.float32], found[np.float64], atol=2e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("name", CASES)
def test_a_gradient_that_is_not_finite_is_seen_in_its_matrix(name, bad):
    # 1e200 is finite, its square is not.
    optimizer, params = OPTIMIZERS[name], NET.init(0, np.float64)
    state = optimizer.init_state(params.size, np.float64, LAYOUT)
    start, i, o = LAYOUT[1]
    options = {"interval": 1.0} if "interval" in optimizer.defaults else {}
    for step, grad in steps(NET, 4):
        if step == 3:
            grad[start + 5] = bad
        optimizer.update(params, grad, state, step=step, layout=LAYOUT, **options)
    assert not np.isfinite(params[start : start + i * o]).all()
    assert np.isfinite(params[:start]).all()


@pytest.mark.parametrize("name", CASES)
def test_a_first_gradient_of_nan_is_seen_at_once(name):
    optimizer, params = OPTIMIZERS[name], NET.init(0, np.float64)
    state = optimizer.init_state(params.size, np.float64, LAYOUT)
    optimizer.update(params, np.full_like(params, np.nan), state, layout=LAYOUT)
    assert np.isnan(params).all()


def test_muon_makes_singular_values_near_one():
    params = np.zeros(NET.n_params)
    state = OPTIMIZERS["muon"].init_state(params.size, np.float64, LAYOUT)
    hyper = {"lr": 1.0, "adjust_lr": 3.0, "weight_decay": 0.0, "ns_steps": 9.0}
    OPTIMIZERS["muon"].update(params, noise(), state, layout=LAYOUT, **hyper)
    for start, i, o in LAYOUT:
        values = np.linalg.svd(params[start : start + i * o].reshape(i, o))[1]
        assert (values > 0.6).all() and (values < 1.3).all()


def test_shampoo_whitens_the_first_gradient():
    # (G G')^(-1/4) G (G' G)^(-1/4) = U V' where eps is small.
    params, grad = np.zeros(NET.n_params), noise()
    state = OPTIMIZERS["shampoo"].init_state(params.size, np.float64, LAYOUT)
    OPTIMIZERS["shampoo"].update(params, grad, state, layout=LAYOUT, lr=1.0, eps=1e-12)
    for start, i, o in LAYOUT:
        u, _, v = np.linalg.svd(grad[start : start + i * o].reshape(i, o), False)
        moved = -params[start : start + i * o].reshape(i, o)
        np.testing.assert_allclose(moved, u @ v, atol=1e-5)


def test_soap_turned_back_is_adam_where_the_bases_are_of_the_axes():
    # Gradients of one entry have axes as eigenvectors: no rotation changes Adam's step.
    net = mlp([3, 3], loss="mse")
    layout, params = matrices(net.layout), np.zeros(net.n_params)
    soap, adam = OPTIMIZERS["soap"], OPTIMIZERS["adamw"]
    same, hyper = params.copy(), {"lr": 0.1, "beta1": 0.8, "beta2": 0.9}
    states = (
        soap.init_state(params.size, np.float64, layout),
        adam.init_state(params.size, np.float64),
    )
    for step in range(1, 8):
        grad = np.zeros(net.n_params)
        grad[[0, 4, 8]] = 3.0 + step, 2.0, 1.0
        soap.update(params, grad, states[0], step=step, layout=layout, **hyper)
        if step > 1:
            adam.update(same, grad, states[1], step=step - 1, **hyper)
    np.testing.assert_allclose(params[:9], same[:9], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        # Two slots; two factors a matrix and what is made of them; room in SOAP.
        ("shampoo", 2 * NET.n_params + 2 * (36 + 16 + 16 + 81 + 81 + 81 + 81 + 1)),
        ("soap", 2 * NET.n_params + 2 * (36 + 16 + 16 + 81 + 81 + 81 + 81 + 1 + 81)),
        ("muon", 2 * NET.n_params + 2 * 2 * 81),
        ("prodigy", 4 * NET.n_params + 4),
        ("dadaptation", 3 * NET.n_params + 3),
        ("schedule_free_sgd", NET.n_params + 2),
        ("schedule_free_adamw", 2 * NET.n_params + 4),
    ],
)
def test_bytes_of_the_state_are_those_predicted(name, numbers):
    optimizer = OPTIMIZERS[name]
    state = optimizer.init_state(NET.n_params, np.float64, NET.layout)
    assert state.size == numbers
    ledger = predicted_bytes(NET, optimizer, 8, itemsize=8)
    assert ledger.optimizer == state.nbytes


def test_a_side_above_the_largest_has_no_factor():
    layout = np.array([[0, LARGEST + 1, 3]])
    n = 3 * (LARGEST + 1)
    assert OPTIMIZERS["shampoo"].state_shape(n, layout) == (2, n + 9)
    rng = np.random.default_rng(0)
    params, grad = np.zeros(n), rng.normal(size=n)
    state = OPTIMIZERS["shampoo"].init_state(n, np.float64, layout)
    options = {"lr": 1.0, "eps": 1e-9, "max_dim": 1e9}
    OPTIMIZERS["shampoo"].update(params, grad, state, layout=layout, **options)
    g = grad.reshape(-1, 3)
    values, q = np.linalg.eigh(g.T @ g)
    wanted = -g @ q @ np.diag(values**-0.5) @ q.T
    np.testing.assert_allclose(params.reshape(-1, 3), wanted, atol=1e-8)


@pytest.mark.parametrize("name", ["schedule_free_sgd", "schedule_free_adamw"])
def test_averages_weigh_a_warm_up_less(name):
    optimizer, slots, rng = OPTIMIZERS[name], {}, np.random.default_rng(0)
    params = rng.normal(size=9)
    state, wanted = optimizer.init_state(9, np.float64), params.copy()
    average, out = compiled(optimizer.average, "average", "float64"), np.empty(9)
    for step in range(1, 13):
        noise, lr = rng.normal(size=9), 0.1 * min(step, 8) / 8
        options = {"lr": lr, "weight_lr_power": 1.5}
        hyper = {**optimizer.defaults, **options}
        optimizer.update(params, params + noise, state, step=step, **options)
        wanted = naive_rate_free.RULES[name](
            wanted, wanted + noise, slots, step, **hyper
        )
        average(out, params, state, optimizer.hyper(**options), step, NO_LAYOUT)
        np.testing.assert_allclose(params, wanted, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(out, slots["x"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["schedule_free_sgd", "schedule_free_adamw"])
def test_a_rate_of_zero_moves_nothing(name):
    optimizer, params = OPTIMIZERS[name], np.ones(3)
    state = optimizer.init_state(3, np.float64)
    optimizer.update(params, np.ones(3), state, lr=0.0)
    np.testing.assert_allclose(params, 1.0)


@pytest.mark.parametrize("name", ["prodigy", "dadaptation"])
def test_the_distance_grows_to_that_of_the_solution(name):
    optimizer, rng = OPTIMIZERS[name], np.random.default_rng(0)
    away = rng.choice([-1.0, 1.0], size=20) * rng.uniform(1.0, 3.0, size=20)
    params, distances = np.zeros(20), []
    state = optimizer.init_state(20, np.float64)
    for step in range(1, 301):
        optimizer.update(params, np.sign(params - away), state, step=step)
        distances.append(state[0, 20])
    assert (np.diff(distances) >= 0).all()
    assert distances[0] < 1e-5
    assert 0.1 < distances[-1] < 2 * np.abs(away).max()
    assert np.abs(params - away).mean() < 0.5


@pytest.mark.parametrize("name", ["prodigy", "dadaptation"])
def test_gradients_of_zero_leave_the_estimate(name):
    optimizer, params = OPTIMIZERS[name], np.ones(4)
    state = optimizer.init_state(4, np.float64)
    for step in (1, 2):
        optimizer.update(params, np.zeros(4), state, step=step)
    assert state[0, 4] == optimizer.defaults["d0"]
    assert (params == 1).all()


@pytest.mark.parametrize("name", ["schedule_free_adamw", "soap"])
def test_training_is_the_same_on_any_number_of_threads(name):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(64, 6)), rng.normal(size=(64, 1))
    found = []
    for threads in (1, 2):
        params = NET.init(0, np.float64)
        train(NET, params, x, y, optimizer=name, epochs=3, threads=threads)
        found.append(params)
    np.testing.assert_array_equal(*found)
