"""Activations that overwrite their input: less memory, and not a bit of difference."""

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import mlp, sequential, train, train_population
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.memory import StepMemory

IN_PLACE = {"in_place": True}
NORMS = {
    "none": [],
    "layer_norm": [L.LayerNorm()],
    "batch_norm": [L.BatchNorm()],
}


def separate(activation, norm="none", width=13, blocks=4):
    """Linear layers, normalised or not, whose activations are layers of their own."""
    block = [L.Dense(width), *NORMS[norm], L.Activation(activation)]
    return sequential((7,), [*block * blocks, L.Dense(3)])


def rows(net, count=37):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, net.inputs)).astype(np.float32)
    return x, rng.integers(0, net.outputs, count)


def trained(net, **options):
    """All parameters and curves after some steps: what gradients made of them."""
    x, y = rows(net)
    params = net.init(0)
    settings = {"epochs": 3, "batch_size": 16, "validation": (x, y), "threads": 1}
    history = train(net, params, x, y, **{**settings, **options})
    return params, history.train_loss, history.gradient_norm, history.val_loss


def same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_those_of_the_plain_step(activation, norm):
    net = separate(activation, norm)
    same(trained(net, **IN_PLACE), trained(net))


@pytest.mark.parametrize(
    "plan",
    [{"checkpoint": k} for k in (1, 2, 3, 4, 5, 9)]
    + [{"storage": "float16"}, {"storage": "bfloat16"}, {"micro_batch": 5}]
    + [{"threads": 2, "batch_size": 37}, {"dropout": True}],
    ids=str,
)
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_gradients_under_other_plans_are_those_without_it(activation, plan):
    plan, net = dict(plan), separate(activation, "layer_norm")
    if plan.pop("dropout", False):
        block = [L.Dense(9), L.Activation(activation), L.Dropout(0.3)]
        net = sequential((7,), [*block * 3, L.Dense(3)])
    same(trained(net, **plan, **IN_PLACE), trained(net, **plan))


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_a_convolution_s_activation_is_in_place_too(activation):
    block = [L.Conv2D(3, 3, padding="same"), L.BatchNorm(), L.Activation(activation)]
    net = sequential((5, 4, 2), [*block * 2, L.Flatten(), L.Dense(3)])
    same(trained(net, **IN_PLACE), trained(net))
    assert saved(net) == 2 * 5 * 4 * 3


def saved(net, **plan):
    """Columns of a row of the workspace that in-place activations save."""
    before, after = (net.arrays(StepMemory(**plan, in_place=way))[1] for way in (0, 1))
    assert after.deltas == before.deltas
    return before.activations - after.activations + before.stored - after.stored


@pytest.mark.parametrize("norm", NORMS)
def test_the_workspace_is_smaller_by_what_is_overwritten(norm):
    assert saved(separate("relu", norm)) == 4 * 13
    # Slopes of these need the input, and dense layers hold their own activation.
    assert saved(separate("gelu", norm)) == saved(mlp([7, 13, 13, 3])) == 0


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_what_waits_in_two_bytes_is_halved(name):
    net = separate("relu")
    assert net.arrays(StepMemory(storage=name))[1].stored == 8 * 13
    assert net.arrays(StepMemory(storage=name, in_place=True))[1].stored == 4 * 13


def test_what_others_read_is_not_overwritten():
    """The skip reads the linear layer's output, and max-pooling its own."""
    inside = [L.Activation("relu"), L.Dense(6)]
    skip = sequential((4,), [L.Dense(6), L.Residual(inside), L.Dense(3)])
    pool = [L.Conv2D(2, 1), L.MaxPool2D(2), L.Activation("relu")]
    pooled = sequential((4, 4, 1), [*pool, L.Flatten(), L.Dense(3)])
    first = sequential((4,), [L.Activation("relu"), L.Dense(3)])
    twice = sequential((4,), [L.Dense(4, "tanh"), L.Activation("relu"), L.Dense(3)])
    for net in (skip, pooled, first, twice):
        assert saved(net) == 0
        same(trained(net, **IN_PLACE), trained(net))


def test_a_population_takes_it_too():
    net = separate("tanh")
    x, y = rows(net)
    with_it, without = (
        train_population(net, x, y, range(2), 0.01, epochs=2, in_place=way).params
        for way in (True, False)
    )
    np.testing.assert_array_equal(with_it, without)


def test_diagnostics_see_the_same():
    net = separate("relu")
    x, y = rows(net)
    seen = []
    for way in (True, False):
        params = net.init(0)
        history = train(
            net, params, x, y, epochs=1, in_place=way, diagnostics=True, threads=1
        )
        seen.append(history.diagnostics)
    for one, other in zip(*(vars(found).values() for found in seen), strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_is_a_switch():
    net = separate("relu")
    x, y = rows(net)
    with pytest.raises(ValueError, match="in_place must be True or False"):
        train(net, net.init(0), x, y, in_place="yes")
