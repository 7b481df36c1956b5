"""The derivative of outputs by inputs, against finite differences, for every layer."""

import numpy as np
import pytest
from gradclinic.kernels import input_gradient, mlp, sequential
from gradclinic.kernels import layers as L
from gradclinic.kernels.passes import PREDICT_ROWS

from .differences import gradient, relative_error
from .test_layers import also_with_a_skip, network, problem


def differences(net, params, x, weights):
    """The same by central differences, float64[b, i]."""
    return gradient(lambda x: (net.predict(params, x) * weights).sum(), x.copy())


@also_with_a_skip
def test_it_is_the_slope_of_the_outputs(example, skip):
    net = network(example, skip)
    params, x, _ = problem(net)
    if not all(kind.differentiable for kind in net.kinds):
        with pytest.raises(ValueError, match="has no derivative"):
            input_gradient(net, params, x)
        return
    if isinstance(net.nodes[0].layer, L.Embedding):
        with pytest.raises(ValueError, match=r"layer0, Embedding.*whole numbers"):
            input_gradient(net, params, x)
        return
    weights = np.random.default_rng(1).normal(size=(len(x), net.outputs))
    found = input_gradient(net, params, x, weights)
    assert found.shape == (len(x), net.inputs)
    assert relative_error(found, differences(net, params, x, weights)) <= 1e-6


@pytest.mark.parametrize("first", [L.Noise(0.3), L.Dropout(0.5), L.LayerNorm()])
def test_a_layer_may_read_the_input_itself(first):
    net = sequential((4,), [first, L.Dense(3, "tanh"), L.Dense(2)], "mse")
    params, x, _ = problem(net)
    found = input_gradient(net, params, x)
    assert relative_error(found, differences(net, params, x, 1.0)) <= 1e-6


def test_a_skip_from_the_input_is_added():
    net = sequential((4,), [L.Residual([L.Dense(4, "tanh")]), L.Dense(2)], "mse")
    params, x, _ = problem(net)
    found = input_gradient(net, params, x)
    assert relative_error(found, differences(net, params, x, 1.0)) <= 1e-6


def test_of_a_linear_network_it_is_the_weights():
    net = mlp([3, 2])
    params = net.init(0, np.float64)
    w = params[:6].reshape(3, 2)
    x = np.zeros((5, 3))
    np.testing.assert_array_equal(input_gradient(net, params, x, [1, 0])[0], w[:, 0])
    np.testing.assert_allclose(input_gradient(net, params, x)[4], w.sum(axis=1))


def test_many_rows_go_in_blocks_and_no_rows_are_none():
    net = mlp([3, 5, 2])
    params = net.init(0)
    rows = 2 * PREDICT_ROWS + 7
    x = np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32)
    weights = np.random.default_rng(1).normal(size=(rows, 2)).astype(np.float32)
    whole = input_gradient(net, params, x, weights)
    alone = input_gradient(net, params, x[-1:], weights[-1:])
    np.testing.assert_allclose(whole[-1:], alone, rtol=1e-5, atol=1e-7)
    assert whole.dtype == np.float32
    assert input_gradient(net, params, x[:0], weights[:0]).shape == (0, 3)


def test_rows_of_a_shape_come_back_flat():
    net = sequential((4, 4, 1), [L.Conv2D(2, 3), L.Flatten(), L.Dense(2)], "mse")
    params, x, _ = problem(net)
    flat = input_gradient(net, params, x)
    shaped = input_gradient(net, params, x.reshape(-1, 4, 4, 1))
    np.testing.assert_array_equal(flat, shaped)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.ones(3), "weights must have shape (2,) or (4, 2), got (3,)"),
        (np.ones((3, 2)), "got (3, 2)"),
        ([np.nan, 1.0], "weights"),
    ],
)
def test_other_weights_are_refused_in_a_sentence(weights, said):
    net = mlp([3, 2])
    with pytest.raises(ValueError) as raised:
        input_gradient(net, net.init(0), np.zeros((4, 3)), weights)
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_what_is_no_network_is_refused():
    with pytest.raises(TypeError, match="net must be a Network"):
        input_gradient(None, np.zeros(3), np.zeros((4, 3)))
