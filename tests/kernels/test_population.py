"""`train_population`: many networks at once, each as if it were alone."""

import numpy as np
import pytest
from gradclinic.kernels import mlp, train, train_population
from gradclinic.kernels.threads import available_threads

NET = mlp([6, 12, 3], "relu", dropout=0.2, input_noise=0.1)
PLAIN = mlp([6, 12, 3], "tanh")
SEEDS = [3, 8, 2**40]
RATES = [1e-3, 1e-2, 3e-2]
CURVES = ("train_loss", "val_loss", "train_metric", "val_metric", "update_ratio")
SETTINGS = {"epochs": 3, "batch_size": 16}


def rows(seed=0, count=90):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 6)).astype(np.float32)
    return x, x[:, :3].argmax(1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_run_k_is_train_with_seed_k(dtype):
    x, y = rows()
    options = {"validation": (x[:30], y[:30]), "l2": 1e-3, **SETTINGS}
    runs = train_population(NET, x, y, SEEDS, RATES, dtype=dtype, **options)
    assert runs.params.shape == (3, NET.n_params)
    assert runs.params.dtype == dtype
    for k, (seed, lr) in enumerate(zip(SEEDS, RATES, strict=True)):
        params = NET.init(seed, dtype)
        history = train(NET, params, x, y, lr=lr, seed=seed, **options)
        np.testing.assert_array_equal(runs.params[k], params)
        assert runs.status[k] == history.status
        for name in CURVES:
            np.testing.assert_array_equal(
                getattr(runs, name)[k], getattr(history, name)
            )


def test_each_run_may_have_its_own_hyper_parameters():
    x, y = rows()
    options = {"beta1": [0.5, 0.9, 0.0], "eps": np.array([1e-8, 1e-3, 0.1])}
    runs = train_population(NET, x, y, SEEDS, RATES, **options, **SETTINGS)
    for k, (seed, lr) in enumerate(zip(SEEDS, RATES, strict=True)):
        params = NET.init(seed)
        mine = {name: values[k] for name, values in options.items()}
        train(NET, params, x, y, lr=lr, seed=seed, **mine, **SETTINGS)
        np.testing.assert_array_equal(runs.params[k], params)


def test_each_run_may_have_its_own_rows():
    sets = [rows(seed) for seed in range(3)]
    x, y = (np.stack(parts) for parts in zip(*sets, strict=True))
    held_out = (x[:, :20], y[:, :20])
    runs = train_population(NET, x, y, SEEDS, 1e-2, validation=held_out, **SETTINGS)
    for k, seed in enumerate(SEEDS):
        held_out = (x[k, :20], y[k, :20])
        params = NET.init(seed)
        options = {"lr": 1e-2, "seed": seed, "validation": held_out, **SETTINGS}
        history = train(NET, params, x[k], y[k], **options)
        np.testing.assert_array_equal(runs.params[k], params)
        np.testing.assert_array_equal(runs.val_metric[k], history.val_metric)


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
def test_threads_change_nothing():
    x, y = rows()
    one, two = (
        train_population(NET, x, y, range(5), 1e-2, threads=threads, **SETTINGS)
        for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.params, two.params)
    np.testing.assert_array_equal(one.train_loss, two.train_loss)


def test_one_that_diverges_does_not_disturb_its_neighbours():
    x, y = rows()
    rates = [1e-2, 1e30, 1e-2]
    runs = train_population(NET, x, y, [1, 2, 1], rates, optimizer="sgd", **SETTINGS)
    assert runs.status == ["ok", "diverged", "ok"]
    np.testing.assert_array_equal(runs.params[0], runs.params[2])
    # A curve is NaN after the run's end.
    assert runs.epochs[1] < 3
    assert np.isnan(runs.train_loss[1, runs.epochs[1] :]).all()


def test_curves_of_runs_stopped_early_end_in_nan():
    x, _ = rows()
    y = np.random.default_rng(5).integers(0, 3, len(x))
    options = {"validation": (x[45:], y[45:]), "patience": 2, "epochs": 60}
    runs = train_population(NET, x[:45], y[:45], range(4), 0.02, **options)
    assert "stopped_early" in runs.status
    for k, (epochs, best) in enumerate(zip(runs.epochs, runs.best_epoch, strict=True)):
        assert np.isfinite(runs.val_loss[k, :epochs]).all()
        assert np.isnan(runs.val_loss[k, epochs:]).all()
        assert best == np.nanargmin(runs.val_loss[k]) + 1


@pytest.mark.parametrize("optimizer", ["sgd", "lbfgs"])
def test_a_run_begins_where_it_is_told(optimizer):
    x, y = rows()
    starts = np.stack([PLAIN.init(seed) for seed in (7, 8)])
    kept = starts.copy()
    how = {"optimizer": optimizer, "epochs": 3}
    runs = train_population(PLAIN, x, y, [1, 2], 0.1, params=starts, **how)
    np.testing.assert_array_equal(starts, kept)
    for seed, start, params in zip((1, 2), starts, runs.params, strict=True):
        history = train(PLAIN, alone := start.copy(), x, y, lr=0.1, seed=seed, **how)
        np.testing.assert_array_equal(alone, params)
    counted = runs.evaluations
    assert (counted is None) == (optimizer == "sgd")
    if counted is not None:
        assert counted[1].tolist() == history.evaluations.tolist()


@pytest.mark.parametrize(
    ("params", "error"),
    [
        (np.zeros((3, PLAIN.n_values), np.float32), ValueError),
        (np.zeros((2, PLAIN.n_values), np.float64), TypeError),
        ([[0.0]], TypeError),
    ],
)
def test_starts_that_do_not_fit_are_refused(params, error):
    x, y = rows()
    with pytest.raises(error, match="params") as raised:
        train_population(PLAIN, x, y, [1, 2], 0.1, params=params)
    assert "\n" not in str(raised.value)
