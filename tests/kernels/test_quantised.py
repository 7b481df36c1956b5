"""int8 networks: a quarter of the bytes, nearly the same answers."""

import numpy as np
import pytest
from gradclinic.kernels import layers, mlp, quantise, sequential, train
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.scenarios.data import load
from gradclinic.scenarios.trial import Dataset
from hypothesis import given
from hypothesis import strategies as st

from .naive import ACTIVATIONS as FORMULAS


def naive(network, params, x, per_channel):
    """The same by whole numbers of NumPy, a layer after the other."""
    for node, row in zip(network.nodes, network.table, strict=True):
        start, i, o = int(row[3]), node.inputs, node.outputs
        w = params[start : start + i * o].reshape(i, o).astype(float)
        size = np.abs(w).max(axis=0) if per_channel else np.full(o, np.abs(w).max())
        q = np.rint(w * 127 / size).astype(int)
        reach = np.abs(x).max(axis=1, keepdims=True)
        reach[reach == 0] = 127
        rows = np.rint(x * 127 / reach).astype(int)
        z = (rows @ q) * (reach / 127) * (size / 127)
        z += params[start + i * o : start + (i + 1) * o]
        x = FORMULAS[node.activation][0](z)
    return x


@pytest.mark.parametrize("scales", ["channel", "tensor"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@given(
    sizes=st.lists(st.integers(1, 40), min_size=2, max_size=4),
    rows=st.integers(0, 9),
    seed=st.integers(0, 99),
)
def test_it_is_the_product_of_whole_numbers(scales, activation, sizes, rows, seed):
    rng = np.random.default_rng(seed)
    net = mlp(sizes, activation, "mse")
    params = net.init(seed) + 0.1 * rng.normal(size=net.n_params).astype(np.float32)
    x = rng.normal(size=(rows, sizes[0])).astype(np.float32)
    found = quantise(net, params, scales).predict(x)
    wanted = naive(net, params, x.astype(float), scales == "channel")
    assert found.dtype == np.float32 and found.shape == (rows, sizes[-1])
    # A number on the edge between two whole ones may go to either.
    np.testing.assert_allclose(
        found, wanted, atol=0.03 * (1 + np.abs(wanted).max(initial=0))
    )


@pytest.mark.parametrize("scales", ["channel", "tensor"])
def test_weights_are_off_by_half_a_step_at_most(scales, rng):
    net = mlp([30, 20, 5])
    params = net.init(1)
    params *= rng.uniform(0.1, 3, params.size).astype(np.float32)
    layer = quantise(net, params, scales).layers[0]
    weights = params[: 30 * 20].reshape(30, 20)
    assert np.abs(layer.weights).max() == 127
    off = np.abs(layer.weights * layer.scales - weights)
    assert (off <= 0.5001 * layer.scales).all()


def test_digits_lose_less_than_a_point_at_a_quarter_of_the_bytes():
    rows = load(Dataset("digits", 1200, 147, 450, transforms=(("min_max", 0),)), 0)
    net = mlp([64, 100, 10])
    params = net.init(0)
    train(net, params, rows.x_train, rows.y_train, lr=0.003, epochs=20, seed=0)
    plain = net.evaluate(params, rows.x_test, rows.y_test)[1]
    for scales in ("channel", "tensor"):
        small = quantise(net, params, scales)
        accuracy = net.score(small.predict(rows.x_test), rows.y_test)[1]
        assert accuracy > plain - 0.01
        assert small.nbytes < 0.28 * params.nbytes


def test_a_row_or_a_unit_of_zeros_is_none_of_nan():
    net = mlp([3, 4, 2])
    params = np.zeros(net.n_params, np.float32)
    found = quantise(net, params).predict(np.zeros((2, 3), np.float32))
    np.testing.assert_array_equal(found, np.zeros((2, 2)))


def test_layers_that_are_idle_in_prediction_are_left_out(rng):
    net = mlp([6, 8, 3], dropout=0.5, input_noise=0.1)
    params, x = net.init(0), rng.normal(size=(5, 6)).astype(np.float32)
    found = quantise(net, params)
    assert len(found.layers) == 2
    np.testing.assert_allclose(found.predict(x), net.predict(params, x), atol=0.1)


def test_what_cannot_be_quantised_is_one_sentence():
    images = sequential(
        (4, 4, 1), [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)]
    )
    with pytest.raises(ValueError, match="only dense layers can be quantised"):
        quantise(images, images.init(0))
    net = mlp([3, 2])
    params = net.init(0)
    with pytest.raises(ValueError, match="unknown scales 'row'"):
        quantise(net, params, "row")
    with pytest.raises(ValueError, match="x must have shape"):
        quantise(net, params).predict(np.zeros((2, 4)))
    params[0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        quantise(net, params)


def test_every_activation_is_carried(rng):
    for name, activation in ACTIVATIONS.items():
        net = mlp([5, 6, 3], name, "mse")
        if any(node.kind.name != "dense" for node in net.nodes):
            continue  # its slope needs the input: a layer of its own
        params, x = net.init(3), rng.normal(size=(7, 5)).astype(np.float32)
        found = quantise(net, params).predict(x)
        np.testing.assert_allclose(found, net.predict(params, x), atol=0.1)
        assert activation.number == quantise(net, params).layers[0].activation
