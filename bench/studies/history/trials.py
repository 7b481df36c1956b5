"""How each system is trained on each task, as a `Trial`.

The sizes are those of the tasks, not of the papers; MNIST-1D has the networks, the
batches and the steps of its authors (Greydanus & Kobak 2024), as far as they are named.
All are trained by Adam.
"""

from typing import Any

from ....scenarios.trial import LayerSpec, Trial, layer
from .tasks import COPY_SYMBOLS, COPYING, TASKS

CURVES = ("mnist1d", "mnist1d_shuffled")
# Adam's rate and rows a step of MNIST-1D's authors; 150 passes are their 6,000 steps.
_AUTHORS: dict[str, Any] = {"lr": 1e-2, "batch_size": 100, "epochs": 150}
_UNTIL_THE_END: dict[str, Any] = {"patience": None}
OPEN = 4.0  # where the bias of a forget gate starts that must hold for long


def trial(task: str, *layers: LayerSpec, flat: bool = False, **more: Any) -> Trial:
    """A trial on a task; flat: rows as plain numbers, whatever their shape."""
    known = TASKS[task]
    how: dict[str, Any] = {
        "lr": 3e-3,
        "epochs": 60,
        "batch_size": 32,
        "patience": 20,
    } | more
    loss = "mse" if known.measure == "mse" else "cross_entropy"
    how = {"shape": () if flat else known.shape, "loss": loss} | how
    return Trial(known.data, hidden=(), layers=layers, **how)


def dense(outputs: int, activation: str = "relu") -> LayerSpec:
    return layer("Dense", outputs=outputs, activation=activation)


def mlp(task: str, *widths: int, **more: Any) -> Trial:
    return trial(task, *[dense(width) for width in widths], flat=True, **more)


def logistic() -> dict[str, Trial]:
    """No hidden layer."""
    trials = {task: mlp(task) for task in ("xor", "digits")}
    return trials | {task: mlp(task, **_AUTHORS | _UNTIL_THE_END) for task in CURVES}


def words(task: str, outputs: int) -> LayerSpec:
    """A vector for each symbol, each question and the blank of a copy task."""
    count = TASKS[task].length or 0
    return layer("Embedding", vocabulary=COPY_SYMBOLS + count + 1, outputs=outputs)


def multilayer() -> dict[str, Trial]:
    """One hidden layer; on curves two of 100 units, and a skip about the second."""
    curves = (dense(100), layer("Residual", dense(100)))
    how = {"flat": True} | _AUTHORS | _UNTIL_THE_END
    return {
        "xor": mlp("xor", 8, lr=1e-2),
        "digits": mlp("digits", 128),
        **{task: trial(task, *curves, **how) for task in CURVES},
        "adding": mlp("adding", 64, epochs=30),
    }


def dropping() -> dict[str, Trial]:
    """The multilayer perceptron of twice the units, half of which are dropped."""
    drop = layer("Dropout", rate=0.5)
    wide = (dense(200), drop, layer("Residual", dense(200), drop))
    how: dict[str, Any] = {"flat": True, "lr": 3e-3, "batch_size": 100, "epochs": 150}
    return {
        "digits": trial("digits", dense(256), drop, flat=True),
        **{task: trial(task, *wide, **how | _UNTIL_THE_END) for task in CURVES},
    }


def convolutional() -> dict[str, Trial]:
    """LeNet's plan in small; on curves three convolutions of stride 2."""
    narrow: dict[str, Any] = {"outputs": 25, "stride": 2, "padding": "same"}
    first = layer("Conv1D", kernel=5, activation="relu", **narrow)
    later = layer("Conv1D", kernel=3, activation="relu", **narrow)
    curves = (first, later, later, layer("Flatten"))
    how = _AUTHORS | _UNTIL_THE_END
    return {
        "digits": trial(
            "digits",
            layer("Conv2D", outputs=16, kernel=3, padding="same", activation="relu"),
            layer("MaxPool2D", size=2),
            layer("Conv2D", outputs=32, kernel=3, padding="same", activation="relu"),
            layer("Flatten"),
            layer("Dropout", rate=0.3),
            dense(64),
            lr=2e-3,
        ),
        **{task: trial(task, *curves, **how) for task in CURVES},
    }


def recurrent(name: str, **cell: Any) -> dict[str, Trial]:
    """A recurrence on each task that has an order; digits are read row by row.

    On curves six units read in each direction, and all their states count, as by their
    authors. cell: its further options where a number or a symbol is to be kept for
    long.
    """
    how: dict[str, Any] = {"clip_norm": 1.0, "lr": 5e-3}
    longer: dict[str, Any] = {"lr": 2e-3, "epochs": 40, "patience": 40}
    states = layer(name, units=6, return_sequences=True)
    both = layer("Bidirectional", states, layer("Dense", outputs=12))
    every = both, layer("Flatten")
    read = _AUTHORS | _UNTIL_THE_END
    keeper = layer(name, units=64, **cell)
    copy: dict[str, Any] = {"lr": 3e-3, "epochs": 25, "patience": 8}
    return {
        "digits": trial("digits", layer(name, units=48), shape=(8, 8), **how),
        **{task: trial(task, *every, **read) for task in CURVES},
        "adding": trial("adding", layer(name, units=32, **cell), **how | longer),
        **{
            task: trial(task, words(task, 16), keeper, **how | copy) for task in COPYING
        },
    }


def _skip(units: int) -> LayerSpec:
    inside = layer("BatchNorm"), dense(units), layer("Dense", outputs=units)
    return layer("Residual", *inside)


def residual() -> dict[str, Trial]:
    """20 layers of 64 units, in ten blocks with a skip each, a norm before each.

    Source of the order: He et al. (2016), "Identity mappings", figure 4.
    """
    layers = (layer("Dense", outputs=64), *[_skip(64)] * 10)
    names = ("digits", *CURVES)
    return {task: trial(task, *layers, flat=True, lr=1e-3) for task in names}


def _encoder(begin: LayerSpec, heads: int = 4) -> tuple[LayerSpec, ...]:
    """Two encoder blocks of 32 features, their norms first; the mean of the tokens."""
    block = (
        layer("Residual", layer("LayerNorm"), layer("Attention", heads=heads)),
        layer("Residual", layer("LayerNorm"), dense(64), layer("Dense", outputs=32)),
    )
    return begin, layer("Positions"), *block, *block, layer("GlobalAvgPool")


def attending() -> dict[str, Trial]:
    """An encoder on rows, curves and symbols."""
    averaged = _encoder(layer("Dense", outputs=32))
    how: dict[str, Any] = {"lr": 2e-3}
    curves: dict[str, Any] = {"lr": 4e-3, "epochs": 30, "batch_size": 100}
    copy: dict[str, Any] = {"lr": 2e-3, "epochs": 25, "patience": 8}
    return {
        "digits": trial("digits", *averaged, shape=(8, 8), **how),
        **{task: trial(task, *averaged, **curves) for task in CURVES},
        **{task: trial(task, *_encoder(words(task, 32)), **copy) for task in COPYING},
    }
