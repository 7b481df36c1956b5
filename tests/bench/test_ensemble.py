"""Several networks as one: their mean prediction, and what becomes of their runs."""

from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution.ensemble import ensembles, member_seeds, outputs
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
from gradclinic.kernels import mlp
from gradclinic.kernels.history import CURVE_NAMES
from gradclinic.scenarios.trial import Dataset, Trial
from scipy.special import expit, softmax

DATA = Dataset("moons", rows=40, validation=30, test=20)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def weights(net, count, rng):
    return np.stack([net.init(k) + rng.normal(size=net.n_values) for k in range(count)])


@pytest.mark.parametrize("loss", ["cross_entropy", "soft_cross_entropy"])
def test_probabilities_are_averaged(loss, rng):
    net = mlp([3, 5, 4], loss=loss)
    params, x = weights(net, 3, rng), rng.normal(size=(7, 3))
    found = softmax(outputs(net, params, x), axis=1)
    each = [softmax(net.predict(p, x), axis=1) for p in params]
    np.testing.assert_allclose(found, np.mean(each, axis=0), rtol=1e-10)


def test_one_logit_is_a_probability_too(rng):
    net = mlp([3, 5, 1], loss="binary_cross_entropy")
    params, x = weights(net, 3, rng), rng.normal(size=(7, 3))
    each = [expit(net.predict(p, x)) for p in params]
    found = expit(outputs(net, params, x))
    np.testing.assert_allclose(found, np.mean(each, axis=0), rtol=1e-6)


def test_numbers_are_averaged(rng):
    net = mlp([3, 5, 2], loss="mse")
    params, x = weights(net, 4, rng), rng.normal(size=(7, 3))
    found = outputs(net, params, x)
    np.testing.assert_allclose(found, np.mean([net.predict(p, x) for p in params], 0))
    np.testing.assert_array_equal(
        outputs(net, params[:1], x), net.predict(params[0], x)
    )


def test_members_share_no_seed_with_another_run():
    seeds = [key for seed in range(2000) for key in member_seeds(seed, 8)]
    assert len(set(seeds)) == len(seeds)
    assert member_seeds(5, 1) == [5]


def test_a_run_is_that_of_its_members():
    curves = {name: np.arange(8.0).reshape(4, 2) for name in CURVE_NAMES}
    population = SimpleNamespace(
        **curves,
        epochs=np.array([2, 1, 2, 2]),
        status=["ok", "diverged", "ok", "ok"],
        reasons=["", "It ran away.", "", ""],
        seconds=np.array([1.0, 2.0, 3.0, 4.0]),
        params=np.arange(12.0).reshape(4, 3),
        evaluations=None,
    )
    first, second = ensembles(population, 2)
    assert (first.status, first.epochs, first.seconds) == ("diverged", 1, 3.0)
    assert (first.reason, second.reason) == ("It ran away.", "")
    assert second.curves["val_loss"].tolist() == [5.0, 6.0]
    np.testing.assert_array_equal(second.params, population.params[2:])


def test_members_are_trained_and_judged_together():
    single = Trial(DATA, hidden=(4,), epochs=3)
    runs = {}
    for members in (1, 3):
        trial = Trial(DATA, hidden=(4,), epochs=3, members=members)
        task = Task(Condition("s", "f", "fix", trial), (0, 1), "train")
        runs[members] = run_training(task, 1)
    assert single.members == 1
    for one, three in zip(runs[1], runs[3], strict=True):
        assert one.values["test_loss"] != three.values["test_loss"]
        assert three.values["predicted_bytes"] > one.values["predicted_bytes"]
        assert len(three.curves["val_loss"]) == 3
