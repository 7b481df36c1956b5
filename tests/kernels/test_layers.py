"""Every layer, run inside a network: what the contract of layers promises."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import (
    lr_range_test,
    mlp,
    sequential,
    split,
    table,
    train,
    train_population,
)
from gradclinic.kernels.cuda.support import why_not
from gradclinic.kernels.layer import Graph, Layer
from gradclinic.kernels.layers import EXAMPLES, KINDS, LAYERS
from gradclinic.kernels.memory import StepMemory
from hypothesis import given
from hypothesis import strategies as st

from .differences import gradient, relative_error
from .passes import TRAINING, in_training


def named(value):
    if isinstance(value, bool):
        return "skip" if value else "plain"
    shape, layer = value
    return f"{layer}-{shape}".replace(" ", "")


def keeps_its_shape(example):
    graph = Graph(example[0])
    example[1].build(graph)
    return graph.shape == example[0]


CASES = [(e, False) for e in EXAMPLES]
CASES += [(e, True) for e in EXAMPLES if keeps_its_shape(e)]
every_layer = pytest.mark.parametrize("example", EXAMPLES, ids=named)
also_with_a_skip = pytest.mark.parametrize(("example", "skip"), CASES, ids=named)


def network(example, skip=False):
    """A layer between two dense ones; with a skip around it where it can be.

    One that reads the network's input has none below.
    """
    shape, layer = example
    if isinstance(layer, L.Embedding):
        return sequential(shape, [layer, L.Flatten(), L.Dense(2)], "mse")
    below = L.Dense(shape[-1], "tanh")
    layer = L.Residual([layer, L.Residual([L.Activation("elu")])]) if skip else layer
    return sequential(shape, [below, layer, L.Flatten(), L.Dense(2)], "mse")


def problem(net, rows=6, seed=0, dtype="float64"):
    """(params, x, y), with statistics and scales that are not those of the start."""
    rng = np.random.default_rng(seed)
    params = net.init(seed, np.dtype(dtype).type)
    params += 0.1 * rng.uniform(size=params.size).astype(dtype)
    x = rng.normal(size=(rows, net.inputs)).astype(dtype)
    if isinstance(net.nodes[0].layer, L.Embedding):
        x = rng.integers(0, net.nodes[0].layer.vocabulary, x.shape).astype(dtype)
    return params, x, rng.normal(size=(rows, net.targets)).astype(dtype)


def refuses_gradients(net):
    """Has a network a layer without derivative? Then all that trains it says so."""
    if all(kind.differentiable for kind in net.kinds):
        return False
    params, x, y = problem(net)
    for ask in (
        lambda: net.loss_and_grad(params, x, y),
        lambda: train(net, params, x, y, epochs=1),
        lambda: train(net, params, x, y, epochs=1, device="cuda"),
        lambda: train(net, params, x, y, "lbfgs", epochs=1),
        lambda: train(net, params, x, y, "levenberg_marquardt", epochs=1),
        lambda: train_population(net, x, y, [1, 2], 0.01, epochs=1),
        lambda: lr_range_test(net, params, x, y),
    ):
        with pytest.raises(ValueError, match=r"layer1, Threshold.*by hand") as raised:
            ask()
        assert "\n" not in str(raised.value)
    assert np.isfinite(net.predict(params, x)).all()
    assert np.isfinite(net.evaluate(params, x, y)[0])
    return True


def test_there_are_examples_of_every_layer_and_kind():
    kinds = {kind.name for e in EXAMPLES for kind in network(e).kinds}
    assert kinds == set(KINDS)
    assert {type(layer) for _, layer in EXAMPLES} | {L.Add} == set(LAYERS.values())
    assert all(kind.source for kind in KINDS.values())


@pytest.mark.parametrize("step", [table.EVALUATE, TRAINING])
@also_with_a_skip
def test_the_gradient_is_the_slope_of_the_loss(example, skip, step):
    net = network(example, skip)
    if refuses_gradients(net):
        return
    params, x, y = problem(net)
    _, found = in_training(net, params, x, y, step=step)
    trained, tail = params[: net.n_params].copy(), params[net.n_params :]

    def loss(trained):
        whole = np.concatenate([trained, tail])
        return in_training(net, whole, x, y, step=step)[0]

    assert relative_error(found, gradient(loss, trained)) <= 1e-6


@given(
    seed=st.integers(0, 999),
    rows=st.integers(2, 5),
    which=st.integers(0, 999),
    more=st.lists(st.integers(0, 999), min_size=0, max_size=2),
)
def test_layers_one_behind_the_other(seed, rows, which, more):
    """Layers on rows of one axis in any order, with a skip around all of them."""
    # Those that stand first, and those without a derivative, have no place there.
    flat = [
        layer
        for shape, layer in EXAMPLES
        if len(shape) == 1 and not isinstance(layer, L.Embedding | L.Threshold)
    ]
    chosen = [flat[k % len(flat)] for k in (which, *more)]
    net = sequential(
        (3,), [L.Dense(4, "tanh"), L.Residual([*chosen, L.Dense(4)]), L.Dense(2)], "mse"
    )
    params, x, y = problem(net, rows, seed)
    x += 0.01 * np.sign(x)
    _, found = in_training(net, params, x, y)
    trained, tail = params[: net.n_params].copy(), params[net.n_params :]

    def loss(trained):
        return in_training(net, np.concatenate([trained, tail]), x, y)[0]

    # A kink of relu between two points of a difference is no fault of the gradient.
    differences = gradient(loss, trained)
    close = np.abs(found - differences) <= 1e-5 * (1 + np.abs(differences))
    assert close.mean() > 0.9 and relative_error(found, differences) < 0.05


@every_layer
def test_float32_follows_float64(example):
    net = network(example)
    if refuses_gradients(net):
        return
    params, x, y = problem(net)
    loss, wide = in_training(net, params, x, y)
    narrow = [each.astype(np.float32) for each in (params, x, y)]
    loss32, found = in_training(net, *narrow)
    assert loss32 == pytest.approx(loss, rel=1e-4)
    assert relative_error(found, wide) <= 1e-4


@pytest.mark.parametrize("step", [table.EVALUATE, TRAINING])
@every_layer
def test_a_batch_in_pieces_adds_up(example, step):
    net = network(example)
    if refuses_gradients(net):
        return
    if net.rows_meet and step == TRAINING:
        with pytest.raises(ValueError, match="its rows meet in batch_norm"):
            train(net, *problem(net), micro_batch=2, epochs=1)
        return
    params, x, y = problem(net)
    loss, whole = in_training(net, params, x, y, step=step)
    other, found = in_training(net, params, x, y, pieces=3, step=step)
    assert other == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(found, whole, rtol=1e-10, atol=1e-12)


@also_with_a_skip
def test_what_is_computed_again_is_the_same(example, skip):
    net = network(example, skip)
    if refuses_gradients(net):
        return
    params, x, y = problem(net)
    loss, whole = in_training(net, params, x, y)
    for plan in (StepMemory(checkpoint=1), StepMemory(checkpoint=2)):
        again, found = in_training(net, params, x, y, plan=plan)
        assert again == loss
        np.testing.assert_array_equal(found, whole)
    _, kept = in_training(net, params, x, y, plan=StepMemory(all_deltas=True))
    np.testing.assert_array_equal(kept, whole)


@every_layer
@pytest.mark.parametrize(("name", "bits"), [("float16", 11), ("bfloat16", 8)])
def test_outputs_in_two_bytes(example, name, bits):
    net, plan = network(example), StepMemory(storage=name)
    if refuses_gradients(net):
        return
    params, x, y = problem(net, dtype="float32")
    if any(node.second >= 0 for node in net.nodes):
        with pytest.raises(ValueError, match="here are skips"):
            net.arrays(plan)
        return
    _, whole = in_training(net, params, x, y)
    _, found = in_training(net, params, x, y, plan=plan)
    assert relative_error(found, whole) < 10 * 2.0**-bits


@every_layer
def test_names_cover_all_parameters_and_statistics_once(example):
    net, taken = network(example), 0
    for name, start, shape in net.layout:
        assert start == taken, name
        taken += int(np.prod(shape))
    assert taken == net.n_values
    for start, i, o in net.matrices:
        assert start + i * o <= net.n_params


@every_layer
def test_a_start_follows_its_seed(example):
    net = network(example)
    first = net.init(1)
    np.testing.assert_array_equal(first, net.init(1))
    assert np.isfinite(first).all() and first.size == net.n_values
    for start, i, o in net.matrices:
        assert np.unique(first[start : start + i * o]).size == i * o


@pytest.mark.parametrize("by_layers", [False, True])
@also_with_a_skip
def test_threads_share_a_step_without_a_change(example, skip, by_layers, monkeypatch):
    net = network(example, skip)
    if refuses_gradients(net):
        return
    params, x, y = problem(net, rows=13)
    alone, known = params.copy(), {"epochs": 2, "batch_size": 7, "lr": 0.01}
    train(net, alone, x, y, threads=1, **known)
    monkeypatch.setattr(split, "SHARED_WORK", 0)
    monkeypatch.setattr(split, "PART_WORK", 1)
    if by_layers:
        monkeypatch.setattr(split, "COLUMN_WORK", 0)
    found = []
    for threads in (1, 2):
        shared = params.copy()
        history = train(net, shared, x, y, threads=threads, diagnostics=True, **known)
        found.append((shared, history.train_loss, history.diagnostics.update_ratio))
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_allclose(found[0][0], alone, rtol=1e-9, atol=1e-11)


@every_layer
def test_a_network_of_a_population_is_one_trained_alone(example):
    net = network(example)
    if refuses_gradients(net):
        return
    _, x, y = problem(net, rows=9)
    options = {"epochs": 3, "batch_size": 4, "validation": (x, y), "patience": 1}
    runs = train_population(net, x, y, [3, 4], 0.01, dtype=np.float64, **options)
    for seed, params in zip([3, 4], runs.params, strict=True):
        alone = net.init(seed, np.float64)
        train(net, alone, x, y, lr=0.01, seed=seed, threads=1, **options)
        np.testing.assert_array_equal(params, alone)


@every_layer
def test_statistics_are_no_parameters(example):
    net = network(example)
    if refuses_gradients(net):
        return
    params, x, y = problem(net, rows=9)
    before, tail = params.copy(), slice(net.n_params, None)
    train(net, params, x, y, lr=0.01, epochs=1, l2=0.5, optimizer="adamw")
    moved = params[tail] != before[tail]
    assert moved.all()
    # Neither the rule nor a penalty moves them: the first step of both is the same.
    other = before.copy()
    train(net, other, x, y, lr=0.5, epochs=1, optimizer="sgd")
    np.testing.assert_array_equal(other[tail], params[tail])
    with pytest.raises(ValueError, match=f"{net.n_values}"):
        net.predict(params[:-1], x)


@every_layer
def test_rows_are_predicted_alike_in_any_company(example):
    net = network(example)
    params, x, _ = problem(net, rows=7)
    whole = net.predict(params, x)
    np.testing.assert_allclose(net.predict(params, x[2:3]), whole[2:3], rtol=1e-10)
    apart = net.predict(params, x.reshape(7, *net.shape))
    np.testing.assert_array_equal(apart, whole)


@every_layer
def test_nan_stays_visible(example):
    net = network(example)
    params, x, _ = problem(net)
    params[: net.nodes[0].size] = np.nan
    assert np.isnan(net.predict(params, x)).all()


@every_layer
def test_steps_are_watched_from_inside(example):
    net = network(example)
    if refuses_gradients(net):
        return
    params, x, y = problem(net)
    seen = train(net, params, x, y, epochs=1, diagnostics=True).diagnostics
    has_parameters = [node.size > 0 for node in net.nodes]
    assert np.isfinite(seen.gradient_norm[0]).tolist() == has_parameters


@also_with_a_skip
def test_a_gpu_refuses_what_it_has_no_twin_of(example, skip):
    net = network(example, skip)
    reason = why_not("adam", net=net)
    twins = {"dense", "activation", "dropout", "noise"}
    alike = {kind.name for kind in net.kinds} <= twins and len(example[0]) == 1
    assert (reason is None) == alike
    if reason and not refuses_gradients(net):
        params, x, y = problem(net)
        with pytest.raises((ValueError, RuntimeError), match=r"cuda|GPU"):
            train(net, params, x, y, epochs=1, device="cuda")
        assert train(net, params, x, y, epochs=1, device="auto").device == "cpu"


def test_a_layer_of_the_same_name_is_no_twin():
    class Own(L.Dense):
        kind = replace(KINDS["dense"], settle=no_settle_here)

    net = sequential((3,), [Own(2)], "mse")
    assert "'dense'" in why_not("adam", net=net)


def no_settle_here(dy, y, row, first, count):
    """Another settle than that of the dense layer."""


def test_dropout_keeps_its_share_and_the_mean():
    net = sequential((50,), [L.Dropout(0.3)], "mse")
    x, y = np.ones((400, 50)), np.zeros((400, 50))
    loss, _ = in_training(net, np.empty(0), x, y)
    # The mean of squares of 0 and 1 / .7: its expectation is 1 / .7.
    assert loss / 400 == pytest.approx(1 / 0.7, abs=0.02)


@pytest.mark.parametrize("layer", [L.Dropout(0.4), L.Noise(0.4)])
def test_random_layers_are_off_in_evaluation_and_follow_their_key(layer):
    net = sequential((7,), [layer], "mse")
    x, y = np.random.default_rng(4).normal(size=(6, 7)), np.zeros((6, 7))
    none = np.empty(0)
    first, _ = in_training(net, none, x, y)
    assert first == in_training(net, none, x, y)[0]
    assert first != in_training(net, none, x, y, step=TRAINING + 1)[0]
    np.testing.assert_array_equal(net.predict(none, x), x)


def test_noise_has_its_deviation():
    net = sequential((50,), [L.Noise(0.3)], "mse")
    zeros = np.zeros((400, 50))
    loss, _ = in_training(net, np.empty(0), zeros, zeros)
    assert loss / 400 == pytest.approx(0.09, rel=0.03)


def test_batch_norm_follows_its_definition():
    rng = np.random.default_rng(1)
    net = sequential((3,), [L.BatchNorm(1.0)], "mse")
    params, x = net.init(0, np.float64), rng.normal(3.0, 2.0, (40, 3))
    train(
        net,
        params,
        x,
        np.zeros((40, 3)),
        lr=0.0,
        optimizer="sgd",
        epochs=1,
        batch_size=None,
    )
    names = {name: (start, size[0]) for name, start, size in net.layout}
    start, size = names["layer0.running_mean"]
    np.testing.assert_allclose(params[start : start + size], x.mean(0), rtol=1e-12)
    start, size = names["layer0.running_var"]
    np.testing.assert_allclose(params[start : start + size], x.var(0), rtol=1e-9)
    out = net.predict(params, x)
    np.testing.assert_allclose(out.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(0), 1, rtol=1e-4)


def test_layer_norm_follows_its_definition():
    x = np.random.default_rng(1).normal(3.0, 2.0, (5, 8))
    net = sequential((8,), [L.LayerNorm()], "mse")
    out = net.predict(net.init(0, np.float64), x)
    centred = x - x.mean(1, keepdims=True)
    wanted = centred / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(out, wanted, rtol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kernel", [1, 2, 3])
def test_convolution_follows_its_definition(padding, kernel):
    from scipy.signal import correlate

    rng = np.random.default_rng(kernel)
    net = sequential((6, 5, 2), [L.Conv2D(3, kernel, padding)], "mse")
    params, x = net.init(0, np.float64), rng.normal(size=(2, 6, 5, 2))
    params += rng.normal(size=params.size)
    w = params[: kernel**2 * 6].reshape(kernel, kernel, 2, 3)
    before = (kernel - 1) // 2 if padding == "same" else 0
    behind = kernel - 1 - before if padding == "same" else 0
    padded = np.pad(x, ((0, 0), (before, behind), (before, behind), (0, 0)))
    wanted = np.stack(
        [
            [correlate(image, w[..., f], "valid")[..., 0] for f in range(3)]
            for image in padded
        ]
    )
    wanted = np.moveaxis(wanted, 1, -1) + params[-3:]
    np.testing.assert_allclose(net.predict(params, x), wanted.reshape(2, -1), rtol=1e-9)


def test_pooling_follows_its_definition():
    x = np.random.default_rng(0).normal(size=(3, 5, 4, 2))
    net = sequential((5, 4, 2), [L.MaxPool2D(2)], "mse")
    wanted = x[:, :4].reshape(3, 2, 2, 2, 2, 2).max(axis=(2, 4))
    np.testing.assert_array_equal(net.predict(np.empty(0), x), wanted.reshape(3, -1))


def test_an_mlp_is_its_layers_one_behind_the_other():
    made = [L.Noise(0.1), L.Dense(5, "gelu"), L.Dropout(0.2), L.Dense(3)]
    written = sequential((4,), made)
    declared = mlp([4, 5, 3], "gelu", dropout=0.2, input_noise=0.1)
    assert declared == written
    np.testing.assert_array_equal(declared.table, written.table)


def test_a_summary_says_what_each_layer_takes():
    net = sequential(
        (8, 8, 1),
        [L.Conv2D(16, 3, "same", "relu"), L.MaxPool2D(2), L.Flatten(), L.Dense(10)],
    )
    lines = [line.split() for line in net.summary().splitlines()]
    assert lines[1] == [
        "layer0",
        "conv2d",
        "8",
        "x",
        "8",
        "x",
        "16",
        "160",
        "10,240",
        "9,536",
    ]
    assert lines[3][-3:] == ["2,570", "2,570", "40"]
    assert lines[-1] == ["2,730", f"{net.work:,}", f"{4 * (1024 + 1360 + 512 + 10):,}"]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: sequential((4,), []), "at least one layer"),
        (lambda: sequential((), [L.Dense(1)], "mse"), "axes of a row"),
        (lambda: sequential((4, 0), [L.Dense(2)]), "each of shape"),
        (lambda: sequential((4,), ["dense"]), "layers must list layers"),
        (lambda: sequential((4,), [L.Conv2D(2, 3)]), "height, width, channels"),
        (lambda: sequential((2, 2, 1), [L.Conv2D(2, 3)]), "does not fit"),
        (lambda: sequential((2, 2, 1), [L.MaxPool2D(3)]), "does not fit"),
        (lambda: sequential((4,), [L.MaxPool2D(3)]), "height, width, channels"),
        (lambda: sequential((4,), [L.Dense(1)]), "at least|one output"),
        (lambda: sequential((3, 4), [L.Residual([L.Flatten()])]), "last axis"),
        (lambda: L.Dense(0), "outputs"),
        (lambda: L.Dense(3, "swash"), "swash"),
        (lambda: L.Dropout(1.0), "rate"),
        (lambda: L.Noise(-1), "deviation"),
        (lambda: L.BatchNorm(0), "momentum"),
        (lambda: L.Conv2D(2, 3, "full"), "full"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(made, says):
    with pytest.raises((ValueError, TypeError), match=says) as raised:
        made()
    assert "\n" not in str(raised.value)


def test_an_unknown_layer_is_named():
    with pytest.raises(AttributeError, match=r"Densest.*Dense"):
        L.Densest  # noqa: B018


def test_a_layer_without_a_plan_is_told_what_it_lacks():
    class Bare(Layer):
        """Neither plan nor build."""

    with pytest.raises(NotImplementedError, match=r"layer Bare must define plan"):
        sequential((4,), [Bare()])
