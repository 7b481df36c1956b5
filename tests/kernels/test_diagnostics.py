"""In-training diagnostics against naive NumPy on the gradients of single rows."""

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import mlp, sequential, train

B, LR = 24, 0.05


def trained(net, rows, shared=False, **options):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(rows, net.inputs))
    y = rng.integers(0, net.outputs, rows)
    params = net.init(1, np.float64)
    start = params.copy()
    history = train(
        net,
        params,
        x,
        y,
        optimizer="sgd",
        lr=LR,
        batch_size=B,
        epochs=1,
        diagnostics=True,
        **options,
    )
    return x, y, start, params, history.diagnostics


def by_layer(net, flat):
    """The slices of a flat array that belong to the layers with parameters."""
    return [
        (number, flat[row[3] : row[3] + row[4]])
        for number, row in enumerate(net.table)
        if row[4]
    ]


def of_steps(*layers):
    """A network that reads rows of 4 steps of 3 numbers."""
    return sequential((4, 3), [*layers, L.Flatten(), L.Dense(3)], "cross_entropy")


NETS = {
    **{name: mlp([5, 7, 6, 3], name) for name in ("relu", "tanh", "gelu")},
    "elman": of_steps(L.Elman(5)),
    "lstm": of_steps(L.LSTM(4, return_sequences=True)),
    "gru": of_steps(L.GRU(4, truncate=2)),
    "two": of_steps(L.GRU(4, return_sequences=True), L.LSTM(3)),
}


@pytest.mark.parametrize("name", NETS)
def test_the_first_step_is_what_single_rows_say(name):
    net = NETS[name]
    x, y, start, end, seen = trained(net, B)
    alone = [net.loss_and_grad(start, x[k : k + 1], y[k : k + 1])[1] for k in range(B)]
    mean = np.mean(alone, axis=0)
    for number, part in by_layer(net, mean):
        rows = [dict(by_layer(net, g))[number] for g in alone]
        square, samples = part @ part, np.mean([g @ g for g in rows])
        assert seen.gradient_norm[0, number] == pytest.approx(np.sqrt(square))
        assert seen.sample_norm[0, number] == pytest.approx(np.sqrt(samples))
        # The unbiased covariance of the rows' gradients has this trace.
        trace = np.sum(np.var(rows, axis=0, ddof=1))
        assert seen.noise[0, number] == pytest.approx(trace)
        assert seen.signal[0, number] == pytest.approx(square - trace / B)
        before = dict(by_layer(net, start))[number]
        moved = np.linalg.norm(dict(by_layer(net, end - start))[number])
        assert seen.update_ratio[0, number] == pytest.approx(
            moved / np.linalg.norm(before)
        )


def test_dead_and_saturated_units_are_counted():
    net = mlp([5, 8, 3], "relu")
    rng = np.random.default_rng(0)
    x, y, params = rng.normal(size=(B, 5)), rng.integers(0, 3, B), net.init(0)
    params[40:43] = -100.0  # biases of three of eight units: nothing activates them
    hidden = np.maximum(x @ params[:40].reshape(5, 8) + params[40:48], 0)
    seen = train(
        net, params, x, y, batch_size=B, epochs=1, diagnostics=True
    ).diagnostics
    assert seen.dead_units[0, 0] == (hidden <= 0).all(axis=0).mean() >= 3 / 8
    assert seen.saturated[0, 0] == pytest.approx((hidden <= 0).mean(), rel=1e-6)
    assert np.isnan(seen.dead_units[0, 1])


def test_watching_changes_nothing_and_a_shared_step_sees_the_same():
    net = mlp([40, 300, 200, 7], "tanh")
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(256, 40)), rng.integers(0, 7, 256)
    ends, seen = [], []
    for options in ({}, {"diagnostics": True}, {"diagnostics": True, "micro_batch": B}):
        params = net.init(0, np.float64)
        history = train(net, params, x, y, batch_size=128, epochs=2, **options)
        ends.append(params)
        seen.append(history.diagnostics)
    assert seen[0] is None
    per_epoch = seen[1].loss.reshape(2, 2).mean(axis=1)
    np.testing.assert_allclose(per_epoch, history.train_loss, rtol=1e-12)
    np.testing.assert_array_equal(ends[0], ends[1])
    for name, values in vars(seen[1]).items():
        assert values.shape == ((4,) if name == "loss" else (4, 3))
        np.testing.assert_allclose(values, getattr(seen[2], name), rtol=1e-6, atol=1e-9)


def test_the_noise_scale_averages_numerator_and_denominator_apart():
    _, _, _, _, seen = trained(mlp([5, 7, 3]), 10 * B)
    noise, signal = np.nansum(seen.noise, axis=1), np.nansum(seen.signal, axis=1)
    assert seen.noise_scale() == pytest.approx(noise.mean() / signal.mean())
    assert seen.noise_scale(last=3) == pytest.approx(
        max(noise[-3:].mean() / signal[-3:].mean(), 0)
        if signal[-3:].mean() > 0
        else np.inf
    )
    assert seen.signal_to_noise().shape == (2,)
