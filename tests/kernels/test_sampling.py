"""Targets drawn from predictions: their law and keys; and Sophia-G, which uses them."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, sampling, train, train_population
from gradclinic.kernels.jit import jit
from gradclinic.kernels.optimizer import Optimizer
from gradclinic.kernels.philox import TARGETS, normal_pair, philox, unit, unit_as
from gradclinic.kernels.sampling import draw_class, draw_target, draw_targets
from gradclinic.kernels.split import split
from gradclinic.kernels.threads import available_threads
from scipy.special import expit, softmax

SAMPLERS = {
    "cross_entropy": sampling.CATEGORICAL,
    "binary_cross_entropy": sampling.BERNOULLI,
    "mse": sampling.NORMAL,
}


def draw(loss, z, step=1, first=0, seed=7):
    """Targets of outputs z by the compiled kernel."""
    y = np.empty((len(z), 1 if loss == "cross_entropy" else z.shape[1]), z.dtype)
    key = np.array([seed, 0, step, first, SAMPLERS[loss]], dtype=np.uint32)
    draw_targets(y, z, key)
    return y


def naive_draw(loss, z, step, seed):
    """The same targets, one by one, from the same counters."""
    y = np.empty((len(z), 1 if loss == "cross_entropy" else z.shape[1]))
    for r in range(len(z)):
        for c in range(y.shape[1]):
            words = philox(r, step, TARGETS, c, seed, 0)
            share = unit(words[0])
            if loss == "cross_entropy":
                y[r, c] = np.searchsorted(np.cumsum(softmax(z[r])), share)
            elif loss == "binary_cross_entropy":
                y[r, c] = share < expit(z[r, c])
            else:
                y[r, c] = z[r, c] + np.sqrt(0.5) * normal_pair(*words[:2])[0]
    return y


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_classes_are_drawn_as_often_as_softmax_says(dtype):
    z = np.array([1.0, -2.0, 0.3, 2.0], dtype=dtype)
    y = draw("cross_entropy", np.tile(z, (40_000, 1)))
    counts, wanted = np.bincount(y[:, 0].astype(int)), 40_000 * softmax(z)
    assert ((counts - wanted) ** 2 / wanted).sum() < 16.3  # chi^2 of 3, 99.9 %


def test_binary_targets_are_drawn_as_often_as_the_sigmoid_says():
    z = np.array([-3.0, -0.5, 0.0, 2.0])
    y, p = draw("binary_cross_entropy", np.tile(z, (40_000, 1))), expit(z)
    assert set(np.unique(y)) == {0, 1}
    assert (abs(y.mean(0) - p) < 3.5 * np.sqrt(p * (1 - p) / 40_000)).all()
    assert abs(np.asarray(np.corrcoef(y.T)) - np.eye(4)).max() < 0.02


def test_values_are_drawn_around_the_output_with_variance_a_half():
    z = np.array([-3.0, 0.0, 2.0])
    e = draw("mse", np.tile(z, (40_000, 1))) - z
    assert (abs(e.mean(0)) < 3.5 * np.sqrt(0.5 / 40_000)).all()
    assert (abs(e.var(0) - 0.5) < 3.5 * 0.5 * np.sqrt(2 / 40_000)).all()
    assert (abs((e**4).mean(0) - 0.75) < 0.05).all()


@pytest.mark.parametrize("loss", SAMPLERS)
def test_a_draw_depends_on_its_row_step_and_seed_only(loss, rng):
    z = rng.normal(size=(50, 3))
    whole = draw(loss, z)
    np.testing.assert_array_equal(draw(loss, z[20:], first=20), whole[20:])
    assert (draw(loss, z, step=2) != whole).any()
    assert (draw(loss, z, seed=8) != whole).any()
    np.testing.assert_allclose(naive_draw(loss, z, 1, 7), whole, rtol=1e-12)


@jit
def class_of(z, r, share):
    """`draw_class`, which only kernels call."""
    return draw_class(z, r, share)


@jit
def target_of(z, r, c, sampler, word0, word1, like):
    """`draw_target` likewise."""
    return draw_target(z, r, c, sampler, word0, word1, like)


def test_a_class_drawn_in_float32_is_that_in_float64(rng):
    """But where the share is within rounding of the edge between two."""
    z = (3 * rng.normal(size=(4000, 10))).astype(np.float32)
    edges = np.cumsum(softmax(z.astype(float), axis=1), axis=1)
    wide, apart = z.astype(float), 0
    for r, word in enumerate(rng.integers(0, 2**32, len(z), np.uint32)):
        share = unit(word)
        narrow = class_of(z, r, unit_as(word, np.float32(1)))
        if narrow != class_of(wide, r, share):
            assert abs(edges[r] - share).min() < 1e-6
            apart += 1
    assert apart <= 4


@pytest.mark.parametrize("loss", SAMPLERS)
def test_a_target_drawn_in_float32_is_that_in_float64(loss, rng):
    z = rng.normal(size=(300, 3)).astype(np.float32)
    words = rng.integers(0, 2**32, (300, 2), np.uint32)
    narrow, wide = (
        [
            target_of(z.astype(type(like)), r, 1, SAMPLERS[loss], *words[r], like)
            for r in range(300)
        ]
        for like in (np.float32(1), np.float64(1))
    )
    np.testing.assert_allclose(narrow, wide, atol=1e-5)


def test_extreme_outputs():
    z = np.array([[1e4, -1e4]])
    assert draw("cross_entropy", z)[0, 0] == 0
    np.testing.assert_array_equal(draw("binary_cross_entropy", z), [[1, 0]])
    assert draw("cross_entropy", np.full((1, 3), np.nan))[0, 0] in range(3)


def note(p, g, state, hyper, step, layout):
    """Add up the squares of gradients at drawn targets; move nothing."""
    for i in range(p.size):
        state[0, i] += g[i] * g[i] if step < 0 else 0.0
    state[1, 0] = (100 * state[1, 0] + (50 + step)) % 1e14


def leave(out, p, state, hyper, step, layout):
    """Give the notes away in the place of the parameters."""
    for i in range(p.size):
        out[i] = state[int(hyper[0]), i]


def noted(net, x, y, row=0, every=1, epochs=1, **options):
    """What `note` has noted in a row of its state after a training."""
    recorder = Optimizer(
        "recorder",
        note,
        2,
        "none (2026)",
        {"lr": 0.0},
        average=leave,
        sampled_every=every,
    )
    params = net.init(3, np.float64)
    train(
        net,
        params,
        x,
        y,
        recorder,
        lr=row,
        epochs=epochs,
        batch_size=len(x) // 2,
        **options,
    )
    return params


def problem(loss, rng, rows=6):
    """(net, x, y): small enough for its Jacobian."""
    net = mlp([3, 4, 3], "tanh", loss)
    x, y = rng.normal(size=(rows, 3)), rng.integers(0, 2, (rows, net.targets))
    return net, x, y.astype(float)


def gauss_newton(net, params, x):
    """diag(J' H J) of the mean loss, by differences; H: the loss's Hessian in z."""
    moves = 1e-6 * np.eye(net.n_params)
    j = [net.predict(params + d, x) - net.predict(params - d, x) for d in moves]
    j = np.stack(j) / 2e-6
    z = net.predict(params, x)
    if net.loss == "mse":
        h = np.tile(2 * np.eye(3) / 3, (len(x), 1, 1))
    elif net.loss == "binary_cross_entropy":
        h = (expit(z) * expit(-z))[:, :, None] * np.eye(3) / 3
    else:
        p = softmax(z, axis=1)
        h = p[:, :, None] * np.eye(3) - p[:, :, None] * p[:, None, :]
    return np.einsum("nbi,bij,nbj->n", j, h, j) / len(x)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", SAMPLERS)
def test_squares_estimate_the_gauss_newton_diagonal(loss, reduction, rng):
    net, x, y = problem(loss, rng)
    epochs = 8000
    total = noted(net, x, y, epochs=epochs, reduction=reduction, l2=0.1, clip_norm=1e-3)
    wanted = gauss_newton(net, net.init(3, np.float64), x)
    wanted = wanted * (3 if reduction == "sum" else 1)
    got = total / (2 * epochs)
    np.testing.assert_allclose(got, wanted, rtol=0.1)
    assert got.sum() == pytest.approx(wanted.sum(), rel=0.03)


def test_it_comes_before_every_kth_step(rng):
    net, x, y = problem("mse", rng)
    for every, steps in ((0, [1, 2, 3, 4]), (2, [-1, 1, 2, -3, 3, 4])):
        wanted = 0
        for step in steps:
            wanted = 100 * wanted + 50 + step
        assert noted(net, x, y, row=1, every=every, epochs=2)[0] == wanted


def sophia(net, params, x, y, steps, seed, lr, beta1, beta2, gamma, eps, weight_decay):
    """Algorithm 3 in NumPy, on all rows, with k = 10 and the kernel's own draws."""
    m, h, k = 0, 0, net.targets
    for t in range(1, steps + 1):
        if t % 10 == 1:
            drawn = naive_draw(net.loss, net.predict(params, x), t, seed)
            g = net.loss_and_grad(params, x, drawn)[1]
            h = beta2 * h + (1 - beta2) * len(x) * k * g**2
        m = beta1 * m + (1 - beta1) * net.loss_and_grad(params, x, y)[1]
        move = np.clip(m / np.maximum(gamma * h, eps), -1, 1)
        params = params - lr * weight_decay * params - lr * move
    return params


@pytest.mark.parametrize("loss", SAMPLERS)
def test_sophia_follows_its_algorithm(loss, rng):
    net, x, y = problem(loss, rng, rows=12)
    params = net.init(3, np.float64)
    options = {
        "lr": 0.02,
        "beta1": 0.9,
        "beta2": 0.8,
        "gamma": 0.5,
        "eps": 1e-6,
        "weight_decay": 0.2,
    }
    wanted = sophia(net, params.copy(), x, y, 25, seed=5, **options)
    train(net, params, x, y, "sophia_g", batch_size=None, epochs=25, seed=5, **options)
    np.testing.assert_allclose(params, wanted, rtol=1e-8)


def test_sophia_with_its_correction_divides_the_mean():
    optimizer, options = OPTIMIZERS["sophia_g"], {"beta1": 0.5, "eps": 1.0, "lr": 1.0}
    moved = []
    for switch in (0.0, 1.0):
        params, state = np.zeros(2), np.zeros((2, 2))
        g = np.array([0.5, 0.25])
        optimizer.update(params, g, state, bias_correction=switch, **options)
        moved.append(params)
    np.testing.assert_allclose(moved, [[-0.25, -0.125], [-0.5, -0.25]])


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
@pytest.mark.parametrize("options", [{}, {"clip_norm": 0.5}, {"dropout": 0.2}])
def test_threads_change_nothing(options):
    options = dict(options)
    net = mlp([40, 200, 120, 7], dropout=options.pop("dropout", 0.0))
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(300, 40)), rng.integers(0, 7, 300)
    results = []
    for threads, pieces in ((1, None), (2, None), (2, 50)):
        params = net.init(0, np.float64)
        train(
            net,
            params,
            x,
            y,
            "sophia_g",
            batch_size=128,
            epochs=5,
            lr=0.003,
            threads=threads,
            micro_batch=pieces,
            **options,
        )
        results.append(params)
    assert split(net, 128).spans > 1
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_allclose(results[1], results[2], rtol=1e-6, atol=1e-8)


def test_a_population_draws_as_each_run_alone(rng):
    net, x, y = problem("binary_cross_entropy", rng, rows=20)
    options = {"optimizer": "sophia_g", "batch_size": 8, "epochs": 6}
    runs = train_population(
        net, x, y, seeds=[3, 4], lr=[0.01, 0.02], dtype="float64", **options
    )
    for seed, lr, got in zip((3, 4), (0.01, 0.02), runs.params, strict=True):
        params = net.init(seed, np.float64)
        train(net, params, x, y, seed=seed, lr=lr, **options)
        np.testing.assert_allclose(got, params, rtol=1e-12)


@pytest.mark.parametrize("loss", ["hinge", "huber"])
def test_a_loss_without_a_likelihood_is_one_sentence(loss):
    net, x = mlp([3, 2], loss=loss), np.ones((4, 3))
    y = np.zeros(4) if loss == "hinge" else np.zeros((4, 2))
    with pytest.raises(ValueError, match="draws targets by the likelihood") as caught:
        train(net, net.init(0), x, y, "sophia_g")
    assert "\n" not in str(caught.value)


def test_only_rules_at_drawn_targets_take_negative_steps():
    arguments = (np.ones(3), np.ones(3), np.zeros((2, 3)))
    OPTIMIZERS["sophia_g"].update(*arguments, step=-1)
    for name, step in (("adam", -1), ("sophia_g", 0)):
        with pytest.raises(ValueError, match="step must be at least 1"):
            OPTIMIZERS[name].update(*arguments, step=step)
