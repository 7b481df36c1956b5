"""Trainings on the CPU to compare a device's with: python reference.py OUT.npz WHICH.

WHICH is `first`, those that are not exhaustive, or `all`.

Run in a process of its own, since functions that a simulator runs as Python are not
compiled for the CPU there.
"""

import sys

import numpy as np
from gradclinic.kernels import OPTIMIZERS, mlp, train_population
from gradclinic.kernels.history import CURVE_NAMES

SEEDS = [3, 2**40 + 7, 5]


def network(loss="cross_entropy", activation="relu", outputs=3, **more):
    return mlp([5, 6, outputs], activation=activation, loss=loss, **more)


def data(net, sets=None, rows=10, seed=0):
    """(x, y, validation) drawn for a network; sets: of rows, one a run."""
    rng, lead = np.random.default_rng(seed), () if sets is None else (sets,)

    def draw(count):
        x = rng.normal(size=(*lead, count, net.inputs))
        if net.target_kind == "class":
            return x, rng.integers(net.outputs, size=(*lead, count))
        y = rng.normal(size=(*lead, count, net.outputs))
        return x, y if net.target_kind == "value" else (y > 0).astype(float)

    return *draw(rows), draw(7)


# name: (network, sets of data, arguments of train_population)
TRAININGS = {
    "adam": (network(dropout=0.3), None, {"optimizer": "adam", "lr": 0.01}),
    "rates": (network(), None, {"optimizer": "sgd", "lr": [0.1, 0.2, 0.1]}),
    "sets": (
        network("mse"),
        3,
        {
            "optimizer": "momentum",
            "lr": 0.01,
            "l1": 1e-3,
            "l2": 1e-2,
            "clip_norm": 0.5,
            "clip_value": 0.2,
        },
    ),
    "noise": (
        network("huber", "gelu", 2, input_noise=0.2, dropout=0.2),
        None,
        {"optimizer": "adamw", "lr": 0.01, "schedule": "cosine", "warmup": 3},
    ),
    "sophia": (
        network("cross_entropy", "tanh"),
        None,
        {"optimizer": "sophia_g", "lr": 0.01, "epochs": 4},
    ),
    "swish": (
        network("mse", "silu", 2, dropout=0.2),
        None,
        {"optimizer": "adam", "lr": 0.01},
    ),
    "sampled_mse": (
        network("mse", "softplus"),
        None,
        {"optimizer": "sophia_g", "lr": 0.01, "reduction": "sum"},
    ),
    "asgd": (
        network("binary_cross_entropy", "elu", 2),
        None,
        {"optimizer": "asgd", "lr": 0.1, "t0": 1.0},
    ),
    "lookahead": (
        network("hinge", "sigmoid"),
        None,
        {"optimizer": "lookahead", "lr": 0.1},
    ),
    "plateau": (
        network("mse", "leaky_relu"),
        3,
        {
            "optimizer": "sgd",
            "lr": 0.05,
            "epochs": 4,
            "schedule": "reduce_on_plateau",
            "schedule_options": {"patience": 0},
        },
    ),
    "patience": (
        network(dropout=0.3),
        None,
        {
            "optimizer": "adam",
            "lr": [0.1, 0.001, 0.3],
            "epochs": 12,
            "patience": 2,
            "min_delta": 1e-3,
        },
    ),
    "diverged": (
        network("mse"),
        None,
        {"optimizer": "sgd", "lr": [0.01, 1e6, 3e5], "epochs": 6},
    ),
    "full_batch": (network(), None, {"optimizer": "rprop", "lr": 0.01}),
}
# Every other rule, for a step or two: that each is the one of its name.
_SEEN = {more["optimizer"] for _, _, more in TRAININGS.values()}
TRAININGS |= {
    name: (
        network(),
        None,
        {"optimizer": name, "lr": 0.01, "batch_size": 8, "epochs": 1},
    )
    for name, optimizer in OPTIMIZERS.items()
    if optimizer.elementwise and name not in _SEEN
}
# One in each dtype: dropout and early stopping; penalties, clipping and rows a run.
FIRST = (("patience", "float32"), ("sets", "float64"))
EVERY = [(name, dtype) for name in TRAININGS for dtype in ("float32", "float64")]
COMMON = {"batch_size": 4, "epochs": 2, "seeds": SEEDS}
FIELDS = (*CURVE_NAMES, "params", "epochs", "best_epoch", "status")


def arguments(name):
    """The arguments of a training but the network, dtype and device."""
    net, sets, more = TRAININGS[name]
    x, y, validation = data(net, sets)
    given = {**COMMON, "x": x, "y": y, "validation": validation, **more}
    if name == "full_batch":
        given.update(batch_size=None, validation=None)
    return given


if __name__ == "__main__":
    import trainings

    every = sys.argv[2] == "all"
    found = {
        f"one.{case}.{name}": value
        for case in (trainings.CASES if every else trainings.FIRST)
        for name, value in trainings.trained(case, "cpu").items()
    }
    for name, dtype in EVERY if every else FIRST:
        net = TRAININGS[name][0]
        population = train_population(net, dtype=dtype, **arguments(name))
        for field in FIELDS:
            values = np.asarray(getattr(population, field))
            found[f"{name}.{dtype}.{field}"] = values
    np.savez(sys.argv[1], **found)
