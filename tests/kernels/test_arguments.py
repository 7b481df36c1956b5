"""A wrong name, shape, dtype or value is one sentence that says what was expected."""

import traceback
from dataclasses import fields
from inspect import signature

import numpy as np
import pytest
from gradclinic.kernels import (
    MINIMISERS,
    OPTIMIZERS,
    lr_range_test,
    mlp,
    train,
    train_population,
)
from gradclinic.kernels.settings import Settings

NET = mlp([3, 4, 2])
X = np.random.default_rng(0).normal(size=(10, 3))
Y = np.arange(10) % 2


def spoiled(array, value):
    array = array.astype(float)
    array.flat[4] = value
    return array


def read_only(array):
    array.flags.writeable = False
    return array


WRONG = [
    ({"optimizer": "adm"}, ValueError, "did you mean 'adam'"),
    ({"lr": -1.0}, ValueError, "lr must be at least 0"),
    ({"lr": "big"}, TypeError, "lr must be a number"),
    ({"lr": np.inf}, ValueError, "lr must be finite"),
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number"),
    ({"epochs": 0}, ValueError, "epochs must be at least 1"),
    ({"patienc": 3}, ValueError, "did you mean 'patience'"),
    ({"momentum": 0.9}, ValueError, "unknown option 'momentum'"),
    ({"beta1": None}, TypeError, "beta1 must be a number"),
    ({"l2": -0.1}, ValueError, "l2 must be at least 0"),
    ({"clip_norm": "1"}, TypeError, "clip_norm must be a number"),
    ({"patience": 3}, ValueError, "patience needs rows in validation"),
    ({"patience": 3, "validation": (X[:0], Y[:0])}, ValueError, "patience needs rows"),
    ({"schedule": "cosin"}, ValueError, "did you mean 'cosine'"),
    ({"schedule_options": {"final": 1}}, ValueError, "schedule 'constant'"),
    ({"warmup": -1}, ValueError, "warmup must be at least 0"),
    ({"reduction": "max"}, ValueError, "unknown reduction 'max'"),
    ({"storage": "int8"}, ValueError, "unknown storage 'int8'"),
    ({"checkpoint": 2, "storage": "bfloat16"}, ValueError, "'bfloat16', not both"),
    ({"micro_batch": 0}, ValueError, "micro_batch must be at least 1"),
    ({"device": "gpu"}, ValueError, "unknown device 'gpu'"),
    ({"device": "cuda", "optimizer": "muon"}, ValueError, "does not train by 'muon'"),
    ({"threads": 0}, ValueError, "threads must be at least 1"),
    ({"validation": X}, TypeError, "validation must be a pair"),
    ({"validation": (X[:, :2], Y)}, ValueError, "validation x must have shape"),
    ({"validation": (X, Y[:4])}, ValueError, "validation y must have shape"),
    ({"x": X[:, :2]}, ValueError, "network has 3 inputs"),
    ({"x": X[0]}, ValueError, "x must have shape"),
    ({"x": X[:0], "y": Y[:0]}, ValueError, "x holds no rows"),
    ({"x": X.astype(str)}, TypeError, "x must hold numbers"),
    ({"x": spoiled(X, np.nan)}, ValueError, "x holds 1 NaN or infinite"),
    ({"x": spoiled(X, np.inf)}, ValueError, "x holds 1 NaN or infinite"),
    ({"y": Y[:5]}, ValueError, "y must have shape"),
    ({"y": Y + 1}, ValueError, "y must hold class numbers 0 to 1"),
    ({"y": Y + 0.5}, ValueError, "y must hold class numbers"),
    ({"y": spoiled(Y, np.nan)}, ValueError, "y holds 1 NaN or infinite"),
    ({"y": Y.astype(str)}, TypeError, "y must hold numbers"),
]
OF_TRAIN = [
    ({"seed": -1}, ValueError, "seed must be at least 0"),
    ({"seed": 2**64}, ValueError, "seed must be at most"),
    ({"params": NET.init(0)[:-1].copy()}, ValueError, "params must have shape"),
    ({"params": np.zeros(NET.n_params, int)}, TypeError, "params must be float32"),
    ({"params": list(NET.init(0))}, TypeError, "params must be a NumPy array"),
    ({"params": read_only(NET.init(0))}, ValueError, "params is read-only"),
]
OF_POPULATION = [
    ({"seeds": []}, ValueError, "seeds is empty"),
    ({"seeds": [1.5]}, TypeError, "each of seeds must be a whole number"),
    ({"lr": [0.1]}, ValueError, "lr holds 1 values for 2 seeds"),
    ({"beta1": [0.1] * 3}, ValueError, "beta1 holds 3 values for 2 seeds"),
    ({"beta1": [0.1, "x"]}, TypeError, "beta1 must be a number, got 'x'"),
    ({"dtype": np.int32}, ValueError, "unknown dtype 'int32'"),
    ({"initialiser": "xavier"}, ValueError, "unknown initialiser"),
    ({"x": np.stack([X] * 3), "y": np.stack([Y] * 3)}, ValueError, "3 sets of rows"),
    ({"x": np.stack([X] * 2), "y": Y[None]}, ValueError, "y must hold 2 sets of rows"),
    (
        {"x": np.stack([X] * 2), "y": np.stack([Y] * 2), "validation": (X, Y)},
        ValueError,
        "but validation 1",
    ),
]


@pytest.mark.parametrize(("change", "error", "words"), WRONG + OF_TRAIN)
def test_train(change, error, words):
    arguments = {"params": NET.init(0), "x": X, "y": Y, "epochs": 1}
    with pytest.raises(error, match=words) as caught:
        train(NET, **{**arguments, **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("change", "error", "words"), WRONG + OF_POPULATION)
def test_train_population(change, error, words):
    arguments = {"x": X, "y": Y, "seeds": [1, 2], "lr": 0.1, "epochs": 1}
    with pytest.raises(error, match=words) as caught:
        train_population(NET, **{**arguments, **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (([3],), {}, ValueError, "sizes must list inputs and outputs"),
        (([3, 0],), {}, ValueError, "each of sizes must be at least 1"),
        (([3, 2.5],), {}, TypeError, "each of sizes must be a whole number"),
        (([3, 2], "rele"), {}, ValueError, "did you mean 'relu'"),
        (([3, 2], "relu", "crossentropy"), {}, ValueError, "did you mean 'cross_entr"),
        (([3, 1],), {}, ValueError, "use loss='binary_cross_entropy'"),
        (([3, 2**40],), {}, ValueError, "each of sizes must be at most"),
        (([3, 2],), {"dropout": 1.0}, ValueError, "dropout must be between 0"),
        (([3, 2],), {"input_noise": -1}, ValueError, "input_noise must be at least 0"),
    ],
)
def test_mlp(arguments, options, error, words):
    with pytest.raises(error, match=words):
        mlp(*arguments, **options)


def test_values_too_large_for_single_precision_are_counted():
    with pytest.raises(ValueError, match="x holds 1 NaN or infinite"):
        NET.predict(NET.init(0), spoiled(X, 1e300))


@pytest.mark.parametrize("call", [NET.loss_and_grad, NET.evaluate])
def test_a_batch_without_rows_has_no_mean_loss(call):
    with pytest.raises(ValueError, match="x holds no rows; a mean loss needs"):
        call(NET.init(0), X[:0], Y[:0])
    assert NET.predict(NET.init(0), X[:0]).shape == (0, 2)


def test_binary_targets_are_two_numbers():
    net = mlp([3, 1], loss="binary_cross_entropy")
    with pytest.raises(ValueError, match="y must hold 0 and 1"):
        net.loss_and_grad(net.init(0), X, np.arange(10) % 3 - 1)


HOSTILE = {
    "None": None,
    "string": "abc",
    "negative": -1,
    "huge": 10**30,
    "NaN": np.nan,
    "empty": [],
    "long": list(range(7)),
    "ragged": [[1], [1, 2]],
    "dict": {"a": 1},
    "0-d": np.array(1.0),
    "object": object(),
    "generator": "generator",
}


def square(p):
    """|p|^2 and its gradient."""
    return p @ p, 2 * p


CALLS = {
    train: {"net": NET, "params": None, "x": X, "y": Y, "epochs": 1},
    train_population: {"net": NET, "x": X, "y": Y, "seeds": [1], "lr": 0.1},
    lr_range_test: {"net": NET, "params": None, "x": X, "y": Y, "steps": 10},
    NET.predict: {"params": None, "x": X},
    NET.evaluate: {"params": None, "x": X, "y": Y},
    NET.loss_and_grad: {"params": None, "x": X, "y": Y},
    NET.init: {},
    mlp: {"sizes": [3, 4, 2]},
    OPTIMIZERS["adam"].update: {"params": None, "grad": None, "state": "state"},
    OPTIMIZERS["adam"].averaged: {"params": None, "state": "state"},
    OPTIMIZERS["muon"].init_state: {"n": 5},
    MINIMISERS["lbfgs"].minimise: {"function": square, "params": None},
}
SETTINGS = [field.name for field in fields(Settings)]
ARGUMENTS = [
    (call, name)
    for call, given in CALLS.items()
    for name in (
        *dict.fromkeys((*given, *signature(call).parameters)),
        *(SETTINGS if call is train else ()),
    )
    if name not in ("options", "rule")
]


@pytest.mark.parametrize(
    ("call", "name"), ARGUMENTS, ids=lambda part: getattr(part, "__qualname__", part)
)
@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_fails_from_inside(call, name, value):
    """A hostile argument is taken, or refused in one sentence that names it."""
    made = {None: NET.init(0), "state": OPTIMIZERS["adam"].init_state(NET.n_params)}
    arguments = {
        key: made.get(given, given) if isinstance(given, str | None) else given
        for key, given in CALLS[call].items()
    }
    hostile = HOSTILE[value]
    arguments[name] = (n for n in [1]) if value == "generator" else hostile
    try:
        call(**arguments)
    except (TypeError, ValueError) as error:
        said, where = str(error), traceback.extract_tb(error.__traceback__)[-1]
        assert "\n" not in said
        assert said
        assert "raise" in (where.line or ""), f"{where.filename}:{where.lineno} {said}"
