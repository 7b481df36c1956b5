"""Going on: many calls are one training, for every optimizer."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from gradclinic.kernels.continuing import go_on, standing

NET = mlp([3, 4, 2], "tanh")
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(6, 3)), RNG.integers(0, 2, 6)
# These draw targets before the first step of each call, which is a step of its own.
AT_ONCE = [name for name, rule in OPTIMIZERS.items() if not rule.sampled_every]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name, marks=[] if name in ("adam", "sam") else pytest.mark.exhaustive
        )
        for name in AT_ONCE
    ],
)
def test_many_calls_are_one_training(name):
    how = {"batch_size": None, "lr": 0.01}
    whole, parts = NET.init(0, np.float64), NET.init(0, np.float64)
    train(NET, whole, X, Y, name, epochs=6, device="cpu", **how)
    place = standing(NET, name, np.float64)
    for epochs in (1, 2, 3):
        go_on(NET, parts, place, X, Y, epochs=epochs, **how)
    assert place.calls == 6 * OPTIMIZERS[name].gradients
    np.testing.assert_allclose(parts, whole, rtol=1e-10)


def test_a_sampler_goes_on_too():
    params, place = NET.init(0, np.float64), standing(NET, "sophia_g", np.float64)
    losses = [
        go_on(NET, params, place, X, Y, lr=0.05, batch_size=3).train_loss[0]
        for _ in range(20)
    ]
    assert losses[-1] < losses[0] and place.calls == 40


def test_weights_and_errors():
    params, place = NET.init(0), standing(NET, "adam")
    weights = np.arange(6.0)
    history = go_on(NET, params, place, X, Y, sample_weight=weights, seed=3)
    assert history.epochs == 1 and np.isfinite(params).all()
    with pytest.raises(ValueError, match="unknown optimizer 'adm'"):
        standing(NET, "adm")
    with pytest.raises(ValueError, match="unknown option"):
        go_on(NET, params, place, X, Y, rate=1.0)
