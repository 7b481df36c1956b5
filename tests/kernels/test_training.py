"""`train`: the same steps as NumPy, whatever the plan, and how a training ends."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from sklearn.metrics import r2_score

from . import naive


def classification(rows=120, dtype=np.float64, sizes=(5, 8, 3), **options):
    """(net, params, x, y): noisy but learnable."""
    rng = np.random.default_rng(0)
    net = mlp(list(sizes), "tanh", **options)
    x = rng.normal(size=(rows, sizes[0])).astype(dtype)
    y = (x[:, : sizes[-1]] + 0.3 * rng.normal(size=(rows, sizes[-1]))).argmax(1)
    return net, net.init(0, dtype), x, y


def regression(rows=80, dtype=np.float64, outputs=1):
    rng = np.random.default_rng(1)
    net = mlp([4, outputs], "identity", "mse")
    x = rng.normal(size=(rows, 4)).astype(dtype)
    y = x @ rng.normal(size=(4, outputs)) + 0.1 * rng.normal(size=(rows, outputs))
    return net, net.init(0, dtype), x, y.astype(dtype)


def numpy_steps(net, params, x, y, steps, lr, change=lambda g, p: g, factor=None):
    """Full-batch gradient descent: `change` alters the gradient, `factor` the rate."""
    norms = []
    for step in range(steps):
        g = naive.loss_and_grad(net, params, x, y)[1]
        g = change(g, params)
        norms.append(np.linalg.norm(g))
        params = params - lr * (factor(step, steps) if factor else 1) * g
    return params, norms


def descend(problem, **options):
    """Parameters after 12 full-batch steps at rate 0.1."""
    net, params, x, y = problem
    params = params.copy()
    settings = {"optimizer": "sgd", "lr": 0.1, "batch_size": None, "epochs": 12}
    train(net, params, x, y, **{**settings, **options})
    return params


def on_weights(net, function):
    """A term for the weights' entries of the gradient only."""

    def change(g, p):
        g = g.copy()
        for _, start, shape in net.layout:
            if len(shape) == 2:
                part = slice(start, start + np.prod(shape))
                g[part] += function(p[part])
        return g

    return change


@pytest.mark.parametrize(
    ("options", "term"),
    [
        ({"l2": 0.3}, lambda w: 0.3 * w),
        ({"l1": 0.2}, lambda w: 0.2 * np.sign(w)),
        ({"l1": 0.2, "l2": 0.3}, lambda w: 0.2 * np.sign(w) + 0.3 * w),
    ],
)
def test_penalties(options, term):
    problem = classification()
    wanted, _ = numpy_steps(*problem, 12, 0.1, on_weights(problem[0], term))
    np.testing.assert_allclose(descend(problem, **options), wanted, rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({"clip_norm": 0.05}, lambda g, p: g * min(1, 0.05 / np.linalg.norm(g))),
        ({"clip_value": 0.01}, lambda g, p: np.clip(g, -0.01, 0.01)),
        ({"reduction": "sum", "lr": 0.1 / 120}, lambda g, p: g),
    ],
)
def test_clipping_and_reduction(options, change):
    problem = classification()
    wanted, _ = numpy_steps(*problem, 12, 0.1, change)
    np.testing.assert_allclose(descend(problem, **options), wanted, rtol=1e-10)


def test_l1_makes_weights_small_that_do_not_matter():
    net, params, x, y = regression()
    y = x[:, :1] * 2
    train(net, params, x, y, optimizer="sgd", lr=0.05, epochs=60, l1=0.2)
    assert params[0] > 1
    assert np.abs(params[1:4]).max() < 0.05


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains(name):
    net, params, x, y = classification()
    defaults = OPTIMIZERS[name].defaults
    lr = max(0.01 if "beta1" in defaults else 0.1, defaults["lr"])
    history = train(net, params, x, y, optimizer=name, lr=lr, epochs=30)
    assert history.status == "ok"
    assert history.train_loss[-1] < 0.8 * history.train_loss[0]


def test_curves():
    net, params, x, y = classification()
    start = params.copy()
    settings = {"optimizer": "sgd", "lr": 0.1, "batch_size": None, "epochs": 4}
    history = train(net, params, x, y, validation=(x[:40], y[:40]), **settings)
    assert (history.status, history.epochs) == ("ok", 4)
    assert history.seconds > 0
    loss, grad = net.loss_and_grad(start, x, y)
    assert history.train_loss[0] == pytest.approx(loss, rel=1e-12)
    assert history.gradient_norm[0] == pytest.approx(np.linalg.norm(grad), rel=1e-10)
    ratio = 0.1 * np.linalg.norm(grad) / np.linalg.norm(start)
    assert history.update_ratio[0] == pytest.approx(ratio, rel=1e-8)
    out = net.predict(start, x)
    assert history.train_metric[0] == pytest.approx((out.argmax(1) == y).mean())
    loss, metric = net.evaluate(params, x[:40], y[:40])
    assert history.val_loss[-1] == pytest.approx(loss, rel=1e-12)
    assert history.val_metric[-1] == pytest.approx(metric)
    for name in ("train_loss", "val_loss", "train_metric", "val_metric"):
        curve = getattr(history, name)
        assert (curve.shape, curve.dtype) == ((4,), np.float64)


def test_the_last_small_batch_counts_by_its_rows():
    net, params, x, y = classification(rows=70)
    frozen = {"optimizer": "sgd", "lr": 0.0, "batch_size": 32, "epochs": 1}
    history = train(net, params, x, y, **frozen)
    loss, accuracy = net.evaluate(params, x, y)
    assert history.train_loss[0] == pytest.approx(loss, rel=1e-12)
    assert history.train_metric[0] == pytest.approx(accuracy, rel=1e-12)
    assert np.isnan(history.val_loss).all()


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_metric_of_regression_is_r2(outputs):
    net, params, x, y = regression(outputs=outputs)
    history = train(net, params, x, y, epochs=3, lr=0.1, validation=(x[:30], y[:30]))
    out = net.predict(params, x[:30])
    wanted = r2_score(y[:30], out, multioutput="variance_weighted")
    assert history.val_metric[-1] == pytest.approx(wanted, rel=1e-10)
    assert net.evaluate(params, x[:30], y[:30])[1] == pytest.approx(wanted, rel=1e-10)


def test_early_stopping_restores_the_best_parameters():
    net, params, x, y = classification(rows=40, sizes=(5, 30, 3))
    y = np.random.default_rng(2).integers(0, 3, 40)  # nothing to learn but noise
    options = {"lr": 0.02, "batch_size": 8, "epochs": 300}
    held_out = (x[20:], y[20:])
    history = train(
        net, params, x[:20], y[:20], validation=held_out, patience=7, **options
    )
    assert history.status == "stopped_early"
    assert history.epochs == history.best_epoch + 7 == len(history.val_loss)
    assert history.best_epoch == history.val_loss.argmin() + 1
    best = net.evaluate(params, *held_out)[0]
    assert best == pytest.approx(history.val_loss.min(), rel=1e-12)


def test_min_delta_asks_for_more_than_a_little():
    net, params, x, y = classification()
    options = {"lr": 1e-4, "epochs": 50, "validation": (x, y), "patience": 3}
    assert train(net, params.copy(), x, y, **options).status == "ok"
    history = train(net, params, x, y, min_delta=10.0, **options)
    assert (history.status, history.epochs) == ("stopped_early", 4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_training_that_explodes_is_diverged(dtype):
    net, params, x, y = regression(dtype=dtype)
    options = {"optimizer": "sgd", "lr": 1e6, "epochs": 100}
    history = train(net, params, x, y, validation=(x, y), **options)
    assert history.status == "diverged"
    assert history.epochs < 100
    assert not np.isfinite(history.train_loss[-1] + history.val_loss[-1])
    again = train(net, net.init(0, dtype), x, y, validation=(x, y), **options)
    np.testing.assert_array_equal(history.update_ratio, again.update_ratio)


def test_a_loss_that_only_grows_is_diverged():
    net, params, x, y = regression()
    history = train(net, params, x, y, "gradient_descent", lr=1.5, epochs=8)
    assert np.isfinite(history.train_loss).all()
    assert history.train_loss[-1] > 10 * history.train_loss[0]
    assert history.status == "diverged"


def test_the_same_seed_gives_the_same_and_another_another():
    net, params, x, y = classification(dropout=0.3, input_noise=0.2)
    first, again, other = params.copy(), params.copy(), params.copy()
    for p, seed in ((first, 4), (again, 4), (other, 5)):
        train(net, p, x, y, epochs=2, seed=seed)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_input_is_never_changed_and_may_be_read_only(tmp_path):
    net, params, x, y = classification()
    wanted = params.copy()
    train(net, wanted, x, y, epochs=1, validation=(x, y))
    np.save(tmp_path / "x.npy", x)
    mapped, targets = np.load(tmp_path / "x.npy", mmap_mode="r"), y.copy()
    targets.flags.writeable = False
    train(net, params, mapped, targets, epochs=1, validation=(mapped, targets))
    np.testing.assert_array_equal(params, wanted)
    np.testing.assert_array_equal(net.predict(params, mapped), net.predict(params, x))
    assert net.loss_and_grad(params, mapped, targets)[0] > 0
    assert net.evaluate(params, mapped, targets)[0] > 0
    assert x.flags.writeable


def test_binary_targets_may_be_plus_and_minus_one():
    _, _, x, y = classification()
    for loss in ("binary_cross_entropy", "hinge"):
        net = mlp([5, 4, 1], "tanh", loss)
        params, labels = net.init(0, np.float64), (y == 0).astype(int)
        zero_one = net.loss_and_grad(params, x, labels)
        minus_one = net.loss_and_grad(params, x, 2 * labels - 1)
        assert zero_one[0] == minus_one[0]
        np.testing.assert_array_equal(zero_one[1], minus_one[1])
