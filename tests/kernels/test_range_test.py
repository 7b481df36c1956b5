"""The learning-rate range test: rates, losses, what it suggests, where it diverges."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, lr_range_test, mlp
from gradclinic.kernels.range_test import summary

from .test_training import classification, regression


def test_rates_rise_in_equal_ratios_and_losses_are_those_of_the_steps():
    net, params, x, y = regression()
    start = params.copy()
    found = lr_range_test(
        net, params, x, y, "sgd", low=1e-4, high=1e-2, steps=20, batch_size=None
    )
    np.testing.assert_array_equal(params, start)
    np.testing.assert_allclose(found.rates, np.geomspace(1e-4, 1e-2, 20), rtol=1e-12)
    for rate, loss in zip(found.rates, found.losses, strict=True):
        value, grad = net.loss_and_grad(start, x, y)
        assert loss == pytest.approx(value, rel=1e-10)
        start = start - rate * grad
    assert np.isinf(found.diverges)


@pytest.mark.parametrize("rows", [25, 80, 4000])
def test_it_takes_as_many_steps_whatever_the_rows(rows):
    net, params, x, y = classification(rows=rows)
    found = lr_range_test(net, params, x, y, steps=30, batch_size=16, high=0.01)
    assert len(found.rates) == len(found.losses) == len(found.smoothed) == 30
    assert found.rates[-1] == pytest.approx(0.01)
    assert np.isfinite(found.losses).all()


def test_it_finds_where_descent_on_a_quadratic_becomes_unstable():
    # Source: 2 / largest eigenvalue of the Hessian, for gradient descent.
    net, params, x, y = regression(rows=500)
    moments = np.column_stack([x, np.ones(len(x))])
    limit = 2 / np.linalg.eigvalsh(2 * moments.T @ moments / len(x))[-1]
    found = lr_range_test(net, params, x, y, "gradient_descent", 1e-4, 1e3, steps=200)
    assert limit < found.diverges < 10 * limit
    assert 0.01 * limit < found.suggested < found.lowest < 2 * limit
    assert found.rates[0] == pytest.approx(1e-4)


def test_it_ends_where_the_loss_is_not_finite():
    net, params, x, y = regression(dtype=np.float32)
    found = lr_range_test(net, params, x, y, "sgd", high=1e30, steps=100)
    assert len(found.losses) < 100
    assert np.isinf(found.losses[-1])
    assert np.isfinite(found.losses[:-1]).all()
    assert found.suggested < found.lowest < found.diverges < 100


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_it_and_the_same_seed_gives_the_same(name):
    net, params, x, y = classification(rows=400, dropout=0.2)
    runs = [
        lr_range_test(net, params, x, y, name, 1e-5, 1e2, 60, seed=seed, threads=t)
        for seed, t in ((1, 1), (1, 2), (2, 1))
    ]
    np.testing.assert_array_equal(runs[0].losses, runs[1].losses)
    if not OPTIMIZERS[name].full_batch:
        assert not np.array_equal(runs[0].losses[:20], runs[2].losses[:20])


def test_the_summary_of_known_curves():
    rates = np.geomspace(1e-4, 1, 201)
    logs = np.log10(rates)
    falling = 2 - 1 / (1 + np.exp(-8 * (logs + 2)))  # steepest at 0.01
    losses = falling + np.where(logs > -0.5, 50 * (logs + 0.5), 0)
    found = summary(rates, losses)
    assert found.suggested == pytest.approx(1e-2, rel=0.05)
    # 50 (log r + 0.5) = 3 times the lowest, which is 1.
    assert np.log10(found.diverges) == pytest.approx(-0.5 + 3 / 50, abs=0.05)
    losses[30] = 100.0  # one wild batch is no divergence
    assert summary(rates, losses).diverges == found.diverges
    flat = summary(rates, np.ones(201))
    assert np.isnan(flat.suggested)
    assert np.isinf(flat.diverges)
    short = summary(rates, losses[:150])  # broke off without a loss that says so
    assert (len(short.rates), short.losses[-1]) == (151, np.inf)
    assert short.diverges == rates[150]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"optimizer": "lbfgs"}, ValueError, "chooses its own step lengths"),
        ({"optimizer": "adm"}, ValueError, "did you mean 'adam'"),
        ({"low": 1.0, "high": 0.1}, ValueError, "high must be above low"),
        ({"low": 0.0}, ValueError, "low must be between 1e-30 and"),
        ({"steps": 3}, ValueError, "steps must be at least 10"),
        ({"warmup": 3}, ValueError, "leave out warmup"),
        ({"lr": 0.1}, ValueError, "leave out lr"),
        ({"epochs": 3}, ValueError, "leave out epochs"),
        ({"diagnostics": True}, ValueError, "leave out diagnostics"),
        ({"high": 1e300}, ValueError, "high must be between 1e-30 and 1e"),
        ({"params": None}, TypeError, "params must be a NumPy array"),
        ({"schedule": "cosine"}, ValueError, "leave out schedule"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"beta9": 0.5}, ValueError, "unknown option 'beta9'"),
        ({"y": [0, 1]}, ValueError, "y must have shape"),
        ({"x": np.ones((0, 3)), "y": np.zeros(0)}, ValueError, "x holds no rows"),
    ],
)
def test_a_wrong_argument_is_one_sentence(options, error, words):
    net = mlp([3, 4, 2])
    arguments = {"params": net.init(0), "x": np.ones((20, 3)), "y": np.zeros(20)}
    with pytest.raises(error, match=words) as caught:
        lr_range_test(net, **{**arguments, **options})
    assert "\n" not in str(caught.value)
