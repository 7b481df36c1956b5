"""Recurrent layers against plain NumPy, and against torch's stored numbers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import sequential, train
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.recurrence import TOGETHER, spread
from gradclinic.kernels.table import COLUMNS
from numba.core.runtime import nrt

from . import naive_recurrent as naive

REFERENCE = json.loads(
    (Path(__file__).parent / "references" / "recurrent.json").read_text()
)
FORWARD = {"Elman": naive.elman, "LSTM": naive.lstm, "GRU": naive.gru}
GRADIENT = {
    "Elman": naive.elman_gradient,
    "LSTM": naive.lstm_gradient,
    "GRU": naive.gru_gradient,
}
RUNTIME: Any = nrt  # Numba's own, which has no types
NEAR: Any = {"rtol": 1e-9, "atol": 1e-11}
every_kind = pytest.mark.parametrize("name", FORWARD)


def parameters(net, seed=0, scale=0.7):
    """(flat, {name: view}) of the parameters of the one layer of a network."""
    flat = np.random.default_rng(seed).normal(scale=scale, size=net.n_params)
    return flat, views(net, flat)


def views(net, flat):
    return {
        name.split(".")[1]: flat[start : start + np.prod(shape)].reshape(shape)
        for name, start, shape in net.layout
    }


def passed(net, params, x, slopes, more=None):
    """(outputs, gradient float[n], dx) of one recurrent layer by its own functions.

    x: float[b, t, i]; slopes: dL/d(output). more: what the gradient is added to.
    """
    node, row, b = net.nodes[0], net.table[0], len(x)
    roles = ("forward", "backward", "gradient")
    run = {role: compiled(getattr(node.kind, role), role, "float64") for role in roles}
    x = np.ascontiguousarray(x.reshape(b, -1))
    y, kept = np.full((b, node.outputs), np.nan), np.full((b, node.plan.kept), np.nan)
    dz, dx = slopes.reshape(b, -1).copy(), np.full_like(x, np.nan)
    tail, draw, columns = np.empty(0), np.zeros(5, np.uint32), row[COLUMNS]
    run["forward"](y, kept, x, params, tail, row, 0.0, draw, 0, columns)
    run["backward"](dx, dz, kept, x, y, params, row, 0.0, draw, 0, columns)
    dw = np.full(net.n_params, np.nan) if more is None else more.copy()
    run["gradient"](dw, dz, kept, x, y, row, 0, more is not None)
    return y, dw, dx


def theirs_to_ours(name, weights):
    """torch's weights or their gradients, by our names."""
    found = {key: np.array(value) for key, value in weights.items()}
    split = {
        "weight": found["weight_ih_l0"].T,
        "recurrent": found["weight_hh_l0"].T,
        "bias": found["bias_ih_l0"],
    }
    if name == "GRU":
        split["recurrent_bias"] = found["bias_hh_l0"][-len(split["recurrent"]) :]
    return split, found["bias_hh_l0"]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["layer"])
def test_states_and_gradients_are_those_of_torch(case):
    name, options = case["layer"], case["options"]
    weights, second_bias = theirs_to_ours(name, case["weights"])
    activation = {"activation": options["nonlinearity"]} if options else {}
    layer = getattr(L, name)(
        len(weights["recurrent"]), return_sequences=True, **activation
    )
    x, slopes = np.array(case["x"]), np.array(case["slopes"])
    net = sequential(x.shape[1:], [layer], "mse")
    params = np.zeros(net.n_params)
    ours = views(net, params)
    for key, value in weights.items():
        ours[key][:] = value
    # One bias is kept where torch adds two, but for that of the GRU's product.
    shared = 2 * len(weights["recurrent"]) if name == "GRU" else len(second_bias)
    ours["bias"][:shared] += second_bias[:shared]
    y, found, dx = passed(net, params, x, slopes)
    np.testing.assert_allclose(y, np.array(case["states"]).reshape(len(x), -1), **NEAR)
    np.testing.assert_allclose(dx, np.array(case["dx"]).reshape(len(x), -1), **NEAR)
    gradients, _ = theirs_to_ours(name, case["gradients"])
    for key, value in views(net, found).items():
        np.testing.assert_allclose(value, gradients[key], **NEAR, err_msg=key)


@pytest.mark.parametrize("all_steps", [False, True])
@pytest.mark.parametrize(
    ("name", "options"),
    [("Elman", {}), ("Elman", {"activation": "relu"}), ("LSTM", {}), ("GRU", {})],
)
def test_outputs_follow_the_definition(name, options, all_steps):
    layer = getattr(L, name)(5, return_sequences=all_steps, **options)
    net = sequential((7, 3), [layer], "mse")
    params, named = parameters(net)
    x = np.random.default_rng(1).normal(size=(4, 7, 3))
    wanted = np.array([FORWARD[name](row, named, **options) for row in x])
    wanted = wanted.reshape(4, -1) if all_steps else wanted[:, -1]
    np.testing.assert_allclose(net.predict(params, x), wanted, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("all_steps", [False, True])
@pytest.mark.parametrize("truncate", [1, 2, 3, 6, 100, None])
@every_kind
def test_backward_is_cut_where_it_should_be(name, truncate, all_steps):
    layer = getattr(L, name)(4, return_sequences=all_steps, truncate=truncate)
    check_gradient(name, layer, (6, 3), rows=3)


@pytest.mark.parametrize(
    ("units", "shape", "rows"),
    [
        (1, (1, 1), 1),
        (3, (4, 5), TOGETHER + 9),
        (20, (3, 17), 18),
        # More units than one turn of backward takes, and deltas than one panel.
        (350, (2, 2), 3),
    ],
)
@every_kind
def test_sizes_of_all_kinds(name, units, shape, rows):
    layer = getattr(L, name)(units, return_sequences=True, truncate=3)
    check_gradient(name, layer, shape, rows)


def check_gradient(name, layer, shape, rows):
    """Compare the gradient, its parts and dL/dx with NumPy's."""
    net = sequential(shape, [layer], "mse")
    scale = 0.7 / np.sqrt(max(1, layer.units / 4))
    params, named = parameters(net, scale=scale)
    rng = np.random.default_rng(2)
    x, slopes = rng.normal(size=(rows, *shape)), np.zeros((rows, shape[0], layer.units))
    given = slopes if layer.return_sequences else slopes[:, -1:]
    given[:] = rng.normal(size=given.shape)
    cut, wanted = layer.truncate or shape[0], np.zeros(net.n_params)
    per_row = [GRADIENT[name](x[r], named, slopes[r], cut) for r in range(rows)]
    for grads, _ in per_row:
        for key, view in views(net, wanted).items():
            view += grads[key]
    before = rng.normal(size=net.n_params)
    _, found, dx = passed(net, params, x, given)
    np.testing.assert_allclose(found, wanted, **NEAR)
    np.testing.assert_allclose(dx.reshape(x.shape), [d for _, d in per_row], **NEAR)
    _, added, _ = passed(net, params, x, given, before)
    np.testing.assert_allclose(added, before + wanted, **NEAR)


def test_a_gradient_cut_everywhere_is_of_the_last_step_alone():
    net = sequential((5, 2), [L.LSTM(3, truncate=1)], "mse")
    params, _ = parameters(net)
    x = np.random.default_rng(0).normal(size=(2, 5, 2))
    _, _, dx = passed(net, params, x, np.ones((2, 3)))
    dx = dx.reshape(x.shape)
    assert (dx[:, :-1] == 0).all() and (dx[:, -1] != 0).all()


@pytest.mark.parametrize("all_steps", [False, True])
@every_kind
def test_a_long_sequence_of_large_inputs_stays_finite(name, all_steps):
    net = sequential((200, 2), [getattr(L, name)(6, return_sequences=all_steps)], "mse")
    params, named = parameters(net)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2, 200, 2)) * 10.0 ** rng.integers(-3, 6, (2, 200, 1))
    y, gradient, dx = passed(net, params, x, np.ones((2, net.outputs)))
    wanted = np.array([FORWARD[name](row, named) for row in x])
    wanted = wanted.reshape(2, -1) if all_steps else wanted[:, -1]
    np.testing.assert_allclose(y, wanted, rtol=1e-7, atol=1e-9)
    assert np.isfinite(gradient).all() and np.isfinite(dx).all()


@every_kind
def test_nan_of_a_step_reaches_the_end(name):
    net = sequential((4, 2), [getattr(L, name)(3)], "mse")
    params, _ = parameters(net)
    x = np.ones((2, 4, 2))
    x[0, 1, 0] = np.nan
    y, gradient, dx = passed(net, params, x, np.ones((2, 3)))
    assert np.isnan(y[0]).all() and np.isfinite(y[1]).all()
    assert np.isnan(gradient).all() and np.isfinite(dx[1]).all()


@every_kind
def test_no_step_allocates(name):
    counts = set()
    for steps in (2, 9):
        net = sequential((steps, 2), [getattr(L, name)(3)], "mse")
        params, _ = parameters(net)
        RUNTIME._nrt.memsys_enable_stats()
        try:
            before = RUNTIME.rtsys.get_allocation_stats().alloc
            passed(net, params, np.ones((2, steps, 2)), np.ones((2, 3)))
            counts.add(RUNTIME.rtsys.get_allocation_stats().alloc - before)
        finally:
            RUNTIME._nrt.memsys_disable_stats()
    # What is left counts the arrays that came from Python, 21 in all three functions.
    assert counts == {21}


def test_gates_start_as_matrices_of_their_own():
    net = sequential((5, 30), [L.LSTM(40)], "mse")
    named = views(net, net.init(0, np.float64))
    bound = np.sqrt(6 / (30 + 40)), np.sqrt(6 / (40 + 40))
    for part, limit in zip(("weight", "recurrent"), bound, strict=True):
        for gate in np.split(named[part], 4, axis=1):
            assert 0.95 * limit < np.abs(gate).max() <= limit
    np.testing.assert_array_equal(named["bias"].reshape(4, 40).std(1), 0)
    np.testing.assert_array_equal(named["bias"][::40], [0, 1, 0, 0])
    named = views(net, net.init(0, np.float64, initialiser="orthogonal"))
    for gate in np.split(named["recurrent"], 4, axis=1):
        np.testing.assert_allclose(gate.T @ gate, np.eye(40), atol=1e-12)
    for gate in np.split(named["weight"], 4, axis=1):
        np.testing.assert_allclose(gate @ gate.T, np.eye(30), atol=1e-12)


def test_a_gru_names_its_second_bias():
    net = sequential((5, 2), [L.GRU(4)], "mse")
    assert [(name, shape) for name, _, shape in net.layout] == [
        ("layer0.weight", (2, 12)),
        ("layer0.recurrent", (4, 12)),
        ("layer0.bias", (12,)),
        ("layer0.recurrent_bias", (4,)),
    ]


@every_kind
def test_a_sum_over_time_is_learnt(name):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(512, 10, 1)).astype(np.float32)
    y = (x.sum(axis=(1, 2)) > 0).astype(np.float32)
    net = sequential((10, 1), [getattr(L, name)(16), L.Dense(2)])
    params = net.init(0)
    train(net, params, x, y, lr=0.01, epochs=20, batch_size=32)
    assert net.evaluate(params, x, y)[1] > 0.9


def test_steps_lie_an_odd_number_of_lines_apart():
    for numbers in range(1, 200):
        size = spread(numbers)
        assert numbers <= size < numbers + 48 and size // 16 % 2 == 1


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: sequential((4,), [L.LSTM(2)], "mse"), "LSTM takes rows of shape"),
        (lambda: sequential((4, 3, 2), [L.GRU(2)], "mse"), "GRU takes rows of shape"),
        (lambda: L.Elman(0), "units"),
        (lambda: L.Elman(2, "sigmoid"), "sigmoid"),
        (lambda: L.LSTM(2, return_sequences="all"), "return_sequences"),
        (lambda: L.GRU(2, truncate=0), "truncate"),
        (lambda: L.GRU(2, truncate=1.5), "truncate"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(made, says):
    with pytest.raises((ValueError, TypeError), match=says):
        made()


def test_the_forget_gate_starts_where_it_is_told():
    for layer, bias in ((L.LSTM(3), 1), (L.LSTM(3, forget_bias=4.5), 4.5)):
        net = sequential((5, 2), [layer], "mse")
        _, at, shape = next(part for part in net.layout if part[0] == "layer0.bias")
        start = net.init(0)[at : at + shape[0]].reshape(4, 3)
        np.testing.assert_array_equal(start[[0, 2, 3]], 0)
        np.testing.assert_array_equal(start[1], bias)
    with pytest.raises(TypeError, match="forget_bias must be a number"):
        L.LSTM(3, forget_bias="much")
