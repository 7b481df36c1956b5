"""Initialisers: variances, bounds, orthogonality, streams."""

import numpy as np
import pytest
from gradclinic.kernels import mlp
from gradclinic.kernels.initialisers import INITIALISERS

# Name of the scheme: variance of a weight from its fan-in and fan-out.
VARIANCES = {
    "glorot": lambda i, o: 2 / (i + o),
    "he": lambda i, o: 2 / i,
    "lecun": lambda i, o: 1 / i,
    "small": lambda i, o: 1e-4,
    "unit": lambda i, o: 1,
}
LAWS = [name for name in INITIALISERS if name.rsplit("_", 1)[0] in VARIANCES]


def weights(net, params):
    """The weight matrices of flat parameters."""
    return {
        name: params[start : start + np.prod(shape)].reshape(shape)
        for name, start, shape in net.layout
        if len(shape) == 2
    }


def first(name, sizes=(120, 80), seed=0, dtype=np.float64):
    net = mlp(list(sizes), loss="mse")
    return weights(net, net.init(seed, dtype, name))["layer0.weight"]


@pytest.mark.parametrize("name", LAWS)
def test_variance(name):
    w, expected = first(name), VARIANCES[name.rsplit("_", 1)[0]](120, 80)
    # 9,600 draws: the mean's standard error is sd / 98, the variance's below 1.5 %.
    assert abs(w.mean()) < 4 * np.sqrt(expected / w.size)
    assert w.var() == pytest.approx(expected, rel=0.06)
    if name.endswith("uniform"):
        assert np.abs(w).max() <= np.sqrt(3 * expected)


@pytest.mark.parametrize("sizes", [(12, 12), (20, 7), (7, 20), (1, 5), (5, 1)])
def test_orthogonal(sizes):
    w = first("orthogonal", sizes)
    gram = w.T @ w if sizes[0] >= sizes[1] else w @ w.T
    np.testing.assert_allclose(gram, np.eye(min(sizes)), atol=1e-12)


def test_zeros_and_biases():
    net = mlp([3, 4, 2])
    assert not net.init(0, initialiser="zeros").any()
    params = net.init(0)
    for name, start, shape in net.layout:
        if name.endswith("bias"):
            assert not params[start : start + shape[0]].any()


@pytest.mark.parametrize("name", [n for n in INITIALISERS if n != "zeros"])
def test_a_start_follows_its_seed_and_no_two_layers_share_draws(name):
    net = mlp([6, 6, 6])
    one, two = net.init(3, initialiser=name), net.init(4, initialiser=name)
    np.testing.assert_array_equal(one, net.init(3, initialiser=name))
    assert not np.array_equal(one, two)
    layers = weights(net, one)
    assert not np.array_equal(layers["layer0.weight"], layers["layer1.weight"])


def test_large_seeds_are_seeds_of_their_own():
    starts = [mlp([4, 3]).init(seed) for seed in (1, 1 + 2**32, 2**64 - 1)]
    assert len(np.unique(starts, axis=0)) == 3


def test_float32_is_float64_rounded():
    np.testing.assert_allclose(
        first("he_normal", dtype=np.float32), first("he_normal"), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("activation", "scheme"),
    [("relu", "he_normal"), ("gelu", "he_normal"), ("tanh", "glorot_uniform")],
)
def test_auto_suits_the_activation(activation, scheme):
    net = mlp([5, 9, 3], activation, dropout=0.1)
    auto, named = (weights(net, net.init(0, initialiser=n)) for n in ("auto", scheme))
    last = list(auto)[-1]
    np.testing.assert_array_equal(auto["layer0.weight"], named["layer0.weight"])
    linear = weights(net, net.init(0, initialiser="glorot_uniform"))
    np.testing.assert_array_equal(auto[last], linear[last])
