"""Smaller networks: what is left of them, by NumPy, and what their files hold."""

import json
from pathlib import Path

import gradclinic as gc
import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, layers, mlp, sequential, train
from gradclinic.kernels.compression import (
    keeping_zeros,
    load_network,
    low_rank,
    prune,
    prune_units,
    save_network,
)
from gradclinic.kernels.compression.parts import taken_apart
from gradclinic.kernels.compression.tensor_file import read_tensors, write_tensors
from hypothesis import given
from hypothesis import strategies as st

SIZES = st.lists(st.integers(1, 12), min_size=2, max_size=4)


def trained(sizes, seed, loss="mse", dtype=np.float32):
    """A network and parameters of which no two weights are alike, biases too."""
    net = mlp(sizes, "tanh", loss)
    rng = np.random.default_rng(seed)
    return net, rng.normal(size=net.n_params).astype(dtype)


def inputs(net, rows=7, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, net.inputs)).astype("f4")


@given(SIZES, st.floats(0, 0.99), st.integers(0, 50))
def test_the_smallest_weights_of_all_layers_become_zero(sizes, sparsity, seed):
    net, params = trained(sizes, seed)
    pruned, kept = prune(net, params, sparsity), params.copy()
    every = np.concatenate([p.weights.ravel() for p in taken_apart(net, params)])
    gone = round(sparsity * every.size)
    limit = np.sort(np.abs(every))[gone - 1] if gone else -1
    for before, after in zip(
        taken_apart(net, params), taken_apart(net, pruned), strict=True
    ):
        wanted = np.where(np.abs(before.weights) <= limit, 0, before.weights)
        np.testing.assert_array_equal(after.weights, wanted)
        np.testing.assert_array_equal(after.bias, before.bias)
    np.testing.assert_array_equal(params, kept)


def test_of_equal_weights_as_many_go_as_asked():
    net = mlp([10, 10], loss="mse")
    params = np.ones(net.n_params, np.float32)
    assert (prune(net, params, 0.37) == 0).sum() == 37


def test_any_layer_with_weights_can_be_pruned(rng):
    net = sequential(
        (4, 4, 1), [layers.Conv2D(3, 2), layers.Flatten(), layers.Dense(2)]
    )
    params = net.init(0) + rng.normal(size=net.n_values).astype("f4")
    weights = sum(i * o for _, i, o in net.matrices.tolist())
    assert (prune(net, params, 0.5) == 0).sum() == round(0.5 * weights)


@given(SIZES, st.floats(0, 0.99), st.integers(0, 50))
def test_without_units_it_is_the_network_whose_units_are_silent(sizes, share, seed):
    net, params = trained(sizes, seed)
    small, left = prune_units(net, params, share)
    silent = params.copy()
    before = taken_apart(net, params)[:-1]
    for layer, after in zip(before, taken_apart(net, silent)[1:], strict=True):
        units = len(layer.bias)
        count = min(units - 1, round(share * units))
        weakest = np.argsort(np.abs(layer.weights).sum(axis=0))[:count]
        after.weights[weakest] = 0
    x = inputs(net)
    np.testing.assert_allclose(
        small.predict(left, x), net.predict(silent, x), rtol=1e-4, atol=1e-4
    )
    wide = [max(1, w - round(share * w)) for w in sizes[1:-1]]
    assert [node.outputs for node in small.nodes] == [*wide, sizes[-1]]


@given(st.integers(1, 12), st.integers(0, 50))
def test_factors_are_the_best_approximation_of_their_rank(rank, seed):
    net, params = trained([12, 40, 30, 3], seed)
    factored, left = low_rank(net, params, rank)
    before, after = taken_apart(net, params), taken_apart(factored, left)
    for layer in before:
        i, o = layer.weights.shape
        if rank * (i + o + 1) >= i * o:
            np.testing.assert_array_equal(after.pop(0).weights, layer.weights)
            continue
        first, second = after.pop(0), after.pop(0)
        assert first.weights.shape == (i, rank) and first.activation == "identity"
        assert second.activation == layer.activation and not first.bias.any()
        off = layer.weights - first.weights @ second.weights
        tail = np.linalg.svd(layer.weights, compute_uv=False)[rank:]
        np.testing.assert_allclose(np.linalg.norm(off), np.linalg.norm(tail), rtol=1e-4)
    assert factored.n_params <= net.n_params and not after


def test_a_matrix_of_low_rank_loses_nothing(rng):
    net = mlp([30, 40, 2], "relu")
    params = net.init(0)
    first = taken_apart(net, params)[0]
    first.weights[:] = rng.normal(size=(30, 3)) @ rng.normal(size=(3, 40))
    factored, left = low_rank(net, params, 3)
    assert factored.n_params < net.n_params / 3
    x = inputs(net)
    np.testing.assert_allclose(
        factored.predict(left, x), net.predict(params, x), rtol=1e-3, atol=1e-3
    )


@pytest.mark.parametrize("name", ["adam", "sgd", "momentum", "lion"])
def test_zeros_stay_and_all_else_steps_as_before(name, rng):
    base, rule = OPTIMIZERS[name], keeping_zeros(name)
    params = rng.normal(size=50).astype("f4")
    params[::3] = 0
    masked, state, own = params.copy(), base.init_state(50), rule.init_state(50)
    for step in range(1, 4):
        grad = rng.normal(size=50).astype("f4")
        base.update(params, grad, state, step)
        rule.update(masked, grad, own, step)
    assert not masked[::3].any() and params[::3].any()
    np.testing.assert_array_equal(
        np.delete(masked, np.s_[::3]), np.delete(params, np.s_[::3])
    )


def test_pruned_weights_stay_pruned_in_training(rng):
    net = mlp([6, 20, 2], "tanh")
    x = rng.normal(size=(60, 6)).astype("f4")
    y = (x[:, 0] > 0).astype(int)
    params = net.init(0)
    train(net, params, x, y, epochs=5)
    pruned = prune(net, params, 0.7)
    before = pruned.copy()
    train(net, pruned, x, y, optimizer=keeping_zeros("adam"), epochs=5)
    assert not pruned[before == 0].any()
    # A unit without a way out has no gradient.
    assert (pruned != before).sum() > (before != 0).sum() / 2


def test_a_rule_that_sees_matrices_cannot_keep_zeros():
    with pytest.raises(ValueError, match="which optimizer 'muon' does not; use 'adam'"):
        keeping_zeros("muon")
    with pytest.raises(ValueError, match="unknown optimizer 'adm'"):
        keeping_zeros("adm")


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("numbers", ["native", "float16", "int8", "int8_tensor"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_read_is_what_was_written(numbers, sparse, dtype, tmp_path):
    net, params = trained([9, 14, 3], 1, "cross_entropy", dtype)
    params = prune(net, params, 0.6)
    path = tmp_path / "network.safetensors"
    assert save_network(path, net, params, numbers, sparse) == path.stat().st_size
    found = load_network(path)
    x = inputs(net).astype(dtype)
    if numbers.startswith("int8"):
        scales = "tensor" if numbers == "int8_tensor" else "channel"
        wanted = gc.quantise(net, params, scales).predict(x)
    else:
        kind = np.float16 if numbers == "float16" else dtype
        widened = params.astype(kind).astype("f4" if numbers == "float16" else dtype)
        np.testing.assert_array_equal(found.params, widened)
        wanted = net.predict(widened, x.astype(widened.dtype))
        assert found.network.loss == net.loss
    np.testing.assert_allclose(found.predict(x), wanted, rtol=1e-6)


def test_each_way_to_store_takes_the_bytes_it_says(tmp_path):
    net, params = trained([200, 100, 10], 0)
    size = {}
    for share in (0.0, 0.9):
        pruned = prune(net, params, share)
        for numbers, sparse in (("native", 0), ("native", 1), ("int8", 0), ("int8", 1)):
            path = tmp_path / "n"
            size[share, numbers, sparse] = save_network(
                path, net, pruned, numbers, bool(sparse)
            )
    weights, names = 21_000, 1000  # of the header
    assert 4 * weights < size[0.9, "native", 0] < 4 * weights + 440 + names
    assert size[0.0, "native", 0] == size[0.9, "native", 0]
    kept = 2_100 * (4 + 1) + 2 * 302  # a value and a column each, and starts of rows
    assert kept < size[0.9, "native", 1] < kept + 440 + names
    assert size[0.0, "native", 1] > size[0.0, "native", 0]  # nothing is zero
    assert weights < size[0.0, "int8", 0] < weights + 880 + names
    assert size[0.9, "int8", 1] < size[0.9, "int8", 0] / 3


def test_the_file_is_safetensors(tmp_path):
    """By the format's own words: length, header, numbers without gaps."""
    path = tmp_path / "t"
    arrays = {"a": np.arange(6, dtype="f4").reshape(2, 3), "b": np.array([7], "u2")}
    write_tensors(path, arrays, {"kind": "test"})
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    assert length % 8 == 0 and header.pop("__metadata__") == {"kind": "test"}
    assert header["a"] == {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    assert header["b"] == {"dtype": "U16", "shape": [1], "data_offsets": [24, 26]}
    assert raw[8 + length :] == arrays["a"].tobytes() + arrays["b"].tobytes()
    found, about = read_tensors(path)
    assert about == {"kind": "test"} and {*found} == {"a", "b"}
    np.testing.assert_array_equal(found["a"], arrays["a"])


def broken(path: Path, kind: str) -> None:
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    if kind == "cut":
        path.write_bytes(raw[:-1])
    elif kind == "short":
        path.write_bytes(raw[:5])
    elif kind == "text":
        path.write_bytes(b"not a network, but a text of some length")
    else:
        if kind == "shape":
            header["layer0.bias"]["shape"] = [4]
        elif kind == "foreign":
            header["__metadata__"] = {"kind": "another"}
        elif kind == "missing":
            del header["layer1.bias"]
        text = json.dumps(header).encode()
        path.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + length :])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("cut", "ends before the numbers of 'layer1.bias' do"),
        ("short", "no safetensors file, or only a part"),
        ("text", "no safetensors file"),
        ("shape", "its header cannot be read"),
        ("foreign", "no network that save_network wrote"),
        ("missing", "a network whose layers do not fit"),
    ],
)
def test_a_broken_file_is_one_sentence(kind, said, tmp_path):
    net, params = trained([3, 5, 2], 0)
    path = tmp_path / "network"
    save_network(path, net, params)
    broken(path, kind)
    with pytest.raises(ValueError, match=said) as raised:
        load_network(path)
    assert "\n" not in str(raised.value)


def test_what_cannot_be_compressed_is_one_sentence(tmp_path):
    image = sequential(
        (4, 4, 1), [layers.Conv2D(2, 2), layers.Flatten(), layers.Dense(2)]
    )
    params = image.init(0)
    for call, done in (
        (lambda: prune_units(image, params, 0.5), "pruned by units"),
        (lambda: low_rank(image, params, 2), "factored"),
        (lambda: save_network(tmp_path / "n", image, params), "written to a file"),
    ):
        with pytest.raises(ValueError, match=f"only dense layers can be {done}"):
            call()
    net, params = trained([3, 5, 2], 0)
    for call, said in (
        (lambda: prune(net, params, 1.0), "sparsity"),
        (lambda: prune_units(net, params, -0.1), "share"),
        (lambda: low_rank(net, params, 0), "rank"),
        (lambda: prune(net, params[:-1], 0.5), "params must have shape"),
        (lambda: save_network(tmp_path / "n", net, params, "int4"), "unknown numbers"),
        (lambda: save_network(tmp_path / "n", net, params * 1e6, "float16"), "65504"),
    ):
        with pytest.raises(ValueError, match=said):
            call()
    params[0] = np.nan
    with pytest.raises(ValueError, match="params"):
        prune(net, params, 0.5)


def test_the_door_has_them():
    assert gc.prune is prune and gc.low_rank is low_rank
    assert gc.prune_units is prune_units and gc.load_network is load_network
