"""A training on the device gives the curves that the CPU's gives."""

import numpy as np
import pytest
from gradclinic.kernels import Optimizer, mlp, train, train_population
from gradclinic.kernels.jit import inner

from ..quick import first_or_exhaustive
from . import trainings

# What a device computes without a word, NumPy warns of in the simulator.
pytestmark = pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
CLOSE = {"float32": 1e-4, "float64": 1e-10}


@pytest.mark.parametrize("case", first_or_exhaustive(trainings.CASES, trainings.FIRST))
def test_training(case, expected):
    close = CLOSE[trainings.CASES[case][2]]
    for name, value in trainings.trained(case, "cuda").items():
        wanted = expected[f"one.{case}.{name}"]
        if name == "status":
            assert value.tolist() == wanted.tolist()
        else:
            # What is no longer finite may be infinite here and NaN there.
            value, wanted = (
                np.where(np.isfinite(v), v, np.nan) for v in (value, wanted)
            )
            np.testing.assert_allclose(value, wanted, rtol=close, atol=close / 100)


def scalars(hyper, step):
    return (hyper[0],)


@inner
def grow(p, g, state, i, c):
    """s <- 1e30 (s + 1), which is infinite at the second step; p stays."""
    big = type(c[0])(1e30)
    state[0, i] = big * state[0, i] + big


GROWING = Optimizer(
    "growing", slots=1, element=grow, scalars=scalars, defaults={"lr": 0.1}
)


def test_a_state_that_is_not_finite_is_divergence_as_on_the_cpu():
    net, rng = mlp([3, 2]), np.random.default_rng(1)
    x, y = trainings.rows(net, 7, "float32", rng)
    how = {"optimizer": GROWING, "batch_size": None, "epochs": 3, "device": "cuda"}
    one = train(net, net.init(0), x, y, **how)
    runs = train_population(net, x, y, [1, 2], 0.1, **how)
    assert [one.status, *runs.status] == ["diverged"] * 3
    assert [one.epochs, *runs.epochs] == [2] * 3
    for reason in (one.reason, *runs.reasons):
        assert reason == "The squared gradients overflow float32 in epoch 2."


def test_frozen_by_large_data_is_divergence_as_on_the_cpu():
    net = mlp([1, 4, 1], loss="mse")
    x, y = 1.7e9 + np.arange(7.0)[:, None], 1e12 + 1e9 * np.arange(7.0)[:, None]
    one = train(net, net.init(0), x, y, epochs=2, device="cuda")
    assert (one.status, one.epochs) == ("diverged", 1)
    assert "x reaches 1.7e+09 and y reaches 1e+12; standardise them." in one.reason
