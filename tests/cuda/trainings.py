"""Small trainings of one network, on any device."""

import numpy as np
from gradclinic.kernels import mlp, train

CASES = {
    "plain": ({}, {}, "float32"),
    "regularised": (
        {"activation": "gelu", "dropout": 0.3, "input_noise": 0.1},
        {
            "optimizer": "momentum",
            "l1": 0.01,
            "l2": 0.02,
            "clip_norm": 0.5,
            "schedule": "cosine",
            "warmup": 2,
            "reduction": "sum",
        },
        "float32",
    ),
    "swish": ({"activation": "silu", "loss": "mse", "dropout": 0.2}, {}, "float64"),
    "drawn": (
        {"activation": "tanh", "loss": "mse"},
        {"optimizer": "sophia_g", "clip_value": 0.1},
        "float64",
    ),
    "averaged": (
        {"loss": "hinge"},
        {"optimizer": "asgd", "patience": 1, "schedule": "reduce_on_plateau"},
        "float64",
    ),
    "diverging": ({"loss": "mse"}, {"optimizer": "sgd", "lr": 1e30}, "float32"),
}
# Each way of taking a step once; the others are exhaustive.
FIRST = ("regularised", "drawn")
CURVES = (
    "train_loss",
    "val_loss",
    "train_metric",
    "val_metric",
    "gradient_norm",
    "update_ratio",
    "epochs",
    "best_epoch",
)


def rows(net, count, dtype, rng):
    x = rng.normal(size=(count, net.inputs)).astype(dtype)
    if net.target_kind == "value":
        return x, rng.normal(size=(count, net.outputs)).astype(dtype)
    return x, rng.integers(0, net.outputs, count)


def arranged(case):
    """(network, data, options, dtype) of a case."""
    more, options, dtype = CASES[case]
    net, rng = mlp([3, 4, 2], **more), np.random.default_rng(1)
    x, y = rows(net, 7, dtype, rng)
    validation = rows(net, 3, dtype, rng)
    common = {"batch_size": 4, "epochs": 2, "validation": validation, "lr": 0.01}
    return net, (x, y), {**common, **options}, dtype


def trained(case, device):
    """What a case's training gives: its curves, and the parameters."""
    net, (x, y), options, dtype = arranged(case)
    params = net.init(2, dtype)
    history = train(net, params, x, y, seed=3, device=device, **options)
    found = {name: np.asarray(getattr(history, name)) for name in CURVES}
    return {**found, "params": params, "status": np.array(history.status)}
