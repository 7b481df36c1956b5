"""Numbers whose squares do not fit into float32: sums, clipping, and who says so."""

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, OPTIMIZERS, mlp, train, train_population
from gradclinic.kernels.clipping import clip

LINE = mlp([1, 1], loss="mse")
ONE = np.ones((1, 1), np.float32)
TIMES = 1.7e9 + np.arange(200.0)[:, None]
SUMS = 1e12 + 1e9 * np.arange(200.0)[:, None]


@pytest.mark.parametrize(("level", "rows"), [(1e4, 200_000), (101_325.0, 20_000)])
def test_r_squared_of_large_numbers_close_together(rng, level, rows):
    y = (level + rng.normal(size=(rows, 2))).astype(np.float32)
    wide, net = y.astype(np.float64), mlp([1, 2], loss="mse")
    params = np.zeros(net.n_params, np.float32)
    params[2:] = wide.mean(axis=0) + 2 * wide.std(axis=0)
    error = ((wide - params[2:]) ** 2).sum()
    wanted = 1 - error / ((wide - wide.mean(axis=0)) ** 2).sum()
    _, found = net.evaluate(params, np.zeros((rows, 1)), y)
    assert wanted == pytest.approx(-4, abs=0.05)
    assert found == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("answer", [1e19, 1e25])
def test_clipping_a_gradient_whose_square_overflows_leaves_a_step_of_length_lr(answer):
    params, y = np.zeros(2, np.float32), np.full(1, answer)
    history = train(LINE, params, ONE, y, "sgd", lr=0.5, epochs=1, clip_norm=1.0)
    assert (history.status, history.reason) == ("ok", "")
    assert np.linalg.norm(params) == pytest.approx(0.5, rel=1e-6)
    assert history.gradient_norm[0] == pytest.approx(np.sqrt(8) * answer, rel=1e-6)
    assert history.train_loss[0] == pytest.approx(answer**2, rel=1e-6)


@pytest.mark.parametrize("norm", [np.inf, np.nan])
def test_what_cannot_be_measured_is_not_made_zero(norm):
    gradient = np.ones(3, np.float32)
    clip(gradient, norm, 1.0, np.inf)
    assert np.isnan(gradient).all()


@pytest.mark.parametrize("name", ["clip_norm", "clip_value"])
def test_limits_down_to_zero_move_less_and_less(name):
    moves = []
    for limit in (None, 1.0, 1e-3, 1e-12, 0.0):
        params = np.zeros(2, np.float32)
        train(LINE, params, ONE, [3.0], "sgd", lr=0.1, epochs=1, **{name: limit})
        moves.append(np.abs(params).max())
    assert (np.diff(moves) < 0).all()
    assert moves[-1] == 0.0


RULES = [name for name, o in OPTIMIZERS.items() if o.gradients == 1]


@pytest.mark.parametrize("name", RULES)
def test_frozen_by_an_infinite_square_is_not_ok(name):
    net = mlp([1, 16, 1], loss="mse")
    params = net.init(0)
    history = train(net, params, TIMES, SUMS, name, epochs=3)
    still = np.array_equal(params, net.init(0))
    assert history.status == "diverged" or not still
    if history.status == "diverged":
        assert "x reaches 1.7e+09 and y reaches 1.2e+12; standardise" in history.reason


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "adagrad", "lamb"])
def test_a_state_that_overflows_is_named(name):
    net = mlp([1, 16, 1], loss="mse")
    history = train(net, net.init(0), TIMES, SUMS, name, epochs=3)
    assert (history.status, history.epochs) == ("diverged", 1)
    assert history.reason == (
        "The squared gradients overflow float32 in epoch 1: x reaches 1.7e+09 and y"
        " reaches 1.2e+12; standardise them."
    )
    double = train(net, net.init(0, np.float64), TIMES, SUMS, name, epochs=3)
    assert double.status == "ok"


def test_a_population_says_the_same():
    net = mlp([1, 16, 1], loss="mse")
    runs = train_population(net, TIMES, SUMS, [0, 1], 1e-3, epochs=3)
    one = train(net, net.init(1), TIMES, SUMS, lr=1e-3, epochs=3, seed=1)
    assert runs.status == ["diverged"] * 2
    assert runs.reasons[1] == one.reason


def test_a_loss_that_rose_says_how_far(rng):
    net = mlp([2, 1], loss="mse")
    x, y = rng.normal(size=(20, 2)), rng.normal(size=20)
    history = train(net, net.init(0), x, y, "gradient_descent", lr=3.0, epochs=4)
    assert history.status == "diverged"
    first, last = history.train_loss[[0, -1]]
    assert history.reason == (
        "The training loss rose above 10 times its first value, from"
        f" {first:.3g} to {last:.3g}."
    )
    history = train(net, net.init(0), x, y, "gradient_descent", lr=1e30, epochs=9)
    assert " not finite " in history.reason


@pytest.mark.parametrize(
    ("net", "y", "words"),
    [
        (mlp([3, 4, 2]), np.ones(8, int), "All targets are 1: there is nothing"),
        (mlp([3, 2], loss="mse"), np.full((8, 2), 0.5), "All targets are 0.5, 0.5: "),
    ],
)
def test_targets_that_are_all_the_same_are_named(rng, net, y, words):
    x = rng.normal(size=(8, 3))
    history = train(net, net.init(0), x, y, epochs=1)
    assert history.status == "ok"
    assert history.reason.startswith(words)
    assert train_population(net, x, y, [1], 1e-3, epochs=1).reasons[0].startswith(words)
    y = y.copy()
    y[0] = 0
    assert train(net, net.init(0), x, y, epochs=1).reason == ""


@pytest.mark.parametrize("name", ["lars", "muon"])
def test_norms_of_layers_survive_large_gradients(name):
    optimizer, net = OPTIMIZERS[name], mlp([3, 2])
    params, matrix = net.init(0), slice(0, 6)
    start = params.copy()
    grad = np.random.default_rng(1).normal(size=params.size).astype(np.float32)
    moves = []
    for scale in (1, 1e22):
        params[:] = start
        state = optimizer.init_state(params.size, layout=net.layout)
        optimizer.update(
            params, np.float32(scale) * grad, state, layout=net.layout, weight_decay=0
        )
        moves.append((params - start)[matrix])
    np.testing.assert_allclose(moves[1], moves[0], rtol=1e-4)


@pytest.mark.parametrize("name", [n for n, m in MINIMISERS.items() if not m.curvature])
def test_searches_see_slopes_that_overflow(name):
    params = np.zeros(2, np.float32)

    def bowl(p):
        apart = p.astype(np.float64) - 1.0
        return 1e22 * (apart @ apart), (2e22 * apart).astype(np.float32)

    MINIMISERS[name].minimise(bowl, params, 5)
    np.testing.assert_allclose(params, 1.0, rtol=1e-3)
