"""Weighted rows: a weight of k is k copies, in every loss, and zero is none."""

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, layers, mlp, sequential, train
from gradclinic.kernels.cuda.support import without_twin
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.losses import LOSSES
from gradclinic.kernels.weighted import PREFIX, loss_named, weigh_rows
from hypothesis import given
from hypothesis import strategies as st

CASES = [(name, width) for name in LOSSES for width in (1, 3)]
ALONE = {("cross_entropy", 1), ("soft_cross_entropy", 1)}
CASES = [case for case in CASES if case not in ALONE]


def a_net(name, width):
    return sequential((4,), [layers.Dense(5, "tanh"), layers.Dense(width)], name)


def rows(net, width, seed, count=12):
    rng = np.random.default_rng(seed)
    y = {
        "class": rng.integers(0, width, (count, 1)).astype(float),
        "binary": rng.integers(0, 2, (count, width)).astype(float),
        "value": rng.normal(size=(count, width)),
        "share": rng.dirichlet(np.ones(width), count),
    }[net.target_kind]
    return rng.normal(size=(count, 4)), y, rng.integers(0, 4, count).astype(float)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "width"), CASES)
def test_a_loss_is_the_weighted_sum_of_its_rows(name, width, dtype):
    net = a_net(name, width)
    _, y, w = rows(net, width, 0)
    z = np.random.default_rng(1).normal(size=(len(y), width)).astype(dtype)
    y, w = y.astype(dtype), w.astype(dtype)
    dz, single = np.empty_like(z), np.empty_like(z)
    plain = compiled(LOSSES[name].loss, "loss", dtype)
    score = compiled(LOSSES[name].score, "score", dtype)
    weighted = loss_named(PREFIX + name)
    both = np.column_stack([y, w])
    total = compiled(weighted.loss, "loss", dtype)(dz, z, both, 0.5)
    hits = compiled(weighted.score, "score", dtype)(z, both)
    parts = [slice(r, r + 1) for r in range(len(z))]
    losses = [plain(single[p], z[p], y[p], 0.5) for p in parts]
    scores = [score(z[p], y[p]) for p in parts]
    near = {"rtol": 1e-5 if dtype == "float32" else 1e-12}
    np.testing.assert_allclose(total, w @ losses, **near)
    np.testing.assert_allclose(hits, w @ scores, **near)
    np.testing.assert_allclose(dz, w[:, None] * single, **near, atol=1e-7)


@pytest.mark.parametrize(("name", "width"), CASES)
def test_a_weight_is_so_many_copies(name, width):
    net = a_net(name, width)
    x, y, w = rows(net, width, 3)
    k = w.astype(int)
    start, ends, histories = net.init(0, np.float64), [], []
    for data, more in (
        ((np.repeat(x, k, 0), np.repeat(y, k, 0)), {}),
        ((x, y), {"sample_weight": w}),
    ):
        params = start.copy()
        how = {"batch_size": None, "epochs": 5, "lr": 0.05, "device": "cpu"}
        validation = (*data, w) if more else data
        history = train(
            net, params, *data, "momentum", validation=validation, **how, **more
        )
        ends.append(params)
        histories.append(history)
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-9, atol=1e-12)
    for curve in ("train_loss", "val_loss", "train_metric", "val_metric"):
        repeated, weighted = (getattr(history, curve) for history in histories)
        np.testing.assert_allclose(repeated, weighted, rtol=1e-9)


@given(scale=st.floats(1e-6, 1e6))
def test_weights_count_beside_each_other_only(scale):
    net = a_net("mse", 1)
    x, y, w = rows(net, 1, 5)
    ends = []
    for weights in (w, scale * w):
        params = net.init(1, np.float64)
        train(net, params, x, y, sample_weight=weights, epochs=2, batch_size=5)
        ends.append(params)
    np.testing.assert_allclose(*ends, rtol=1e-9)


def test_equal_weights_are_none():
    net = a_net("cross_entropy", 3)
    x, y, _ = rows(net, 3, 2)
    ends = []
    for more in ({}, {"sample_weight": np.full(len(x), 0.3)}):
        params = net.init(1, np.float64)
        train(net, params, x, y, epochs=3, batch_size=4, **more)
        ends.append(params)
    np.testing.assert_allclose(*ends, rtol=1e-9)


def test_lbfgs_weighs_rows_and_the_others_say_that_they_do_not():
    net = a_net("mse", 1)
    x, y, w = rows(net, 1, 2)
    k, ends = w.astype(int), []
    for data, more in (
        ((np.repeat(x, k, 0), np.repeat(y, k, 0)), {}),
        ((x, y), {"sample_weight": w}),
    ):
        params = net.init(1, np.float64)
        train(net, params, *data, "lbfgs", epochs=4, **more)
        ends.append(params)
    np.testing.assert_allclose(*ends, rtol=1e-7)
    for name, minimiser in MINIMISERS.items():
        if minimiser.curvature:
            with pytest.raises(ValueError, match="curvature"):
                train(net, params, x, y, name, sample_weight=w)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0, 2.0], r"one weight a row, shape \(12,\), got \(2,\)"),
        (np.ones((12, 1)), "one weight a row"),
        (-np.ones(12), "from zero on"),
        (np.zeros(12), "above zero for some row"),
        (np.full(12, np.nan), "12 NaN"),
        (["a"] * 12, "strings"),
    ],
)
def test_other_weights_are_refused(weights, said):
    net = a_net("mse", 1)
    x, y, _ = rows(net, 1, 2)
    with pytest.raises((ValueError, TypeError), match=said):
        train(net, net.init(0), x, y, sample_weight=weights)


def test_targets_are_not_drawn_and_a_gpu_says_no():
    net = a_net("cross_entropy", 3)
    x, y, w = rows(net, 3, 2)
    with pytest.raises(ValueError, match="draws targets"):
        train(net, net.init(0), x, y, "sophia_g", sample_weight=w)
    plain = mlp([4, 5, 3])
    assert without_twin(plain) is None
    weighted, *_ = weigh_rows(plain, y, w, None)
    assert "does not weight rows" in without_twin(weighted)


def test_a_reason_speaks_of_targets_not_of_weights():
    net = a_net("mse", 1)
    x, _, w = rows(net, 1, 2)
    history = train(
        net, net.init(0), x, np.full(len(x), 2.0), sample_weight=w, epochs=1
    )
    assert history.reason == "All targets are 2: there is nothing to tell apart."
