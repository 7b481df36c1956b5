"""The systems in the order of their years, what each mended, and how each is trained.

The sizes are those of the tasks, not of the papers; all but the first two are trained
by Adam with early stopping, so that what differs is the system.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ....scenarios.trial import LayerSpec, Trial, layer
from .tasks import TASKS


@dataclass(frozen=True)
class System:
    """A system; trials: how it is trained on a task, by the task's name.

    year: in words, as several may count; mended: what it mended in those before. A
    system without trials is set by hand (`threshold`) or learns by a rule of its own
    (`perceptron`): see `training`.
    """

    name: str
    title: str
    year: str
    source: str
    idea: str
    mended: str
    trials: Mapping[str, Trial] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[str, ...]:
        return (*self.own, *self.trials)


def _trial(task: str, *layers: LayerSpec, flat: bool = False, **more: Any) -> Trial:
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


def _dense(outputs: int, activation: str = "relu") -> LayerSpec:
    return layer("Dense", outputs=outputs, activation=activation)


def _mlp(task: str, *widths: int, **more: Any) -> Trial:
    layers = [_dense(width) for width in widths]
    return _trial(task, *layers, flat=True, **more)


def _recurrent(name: str, **cell: Any) -> dict[str, Trial]:
    """A recurrence on each task that has an order; digits are read row by row.

    cell: its further options on the adding problem.
    """
    units = layer(name, units=48)
    how: dict[str, Any] = {"clip_norm": 1.0, "lr": 5e-3}
    longer: dict[str, Any] = {"lr": 2e-3, "epochs": 40, "patience": 40}
    return {
        "digits": _trial("digits", units, shape=(8, 8), **how),
        "mnist1d": _trial("mnist1d", units, **how),
        "mnist1d_shuffled": _trial("mnist1d_shuffled", units, **how),
        "adding": _trial("adding", layer(name, units=32, **cell), **how | longer),
    }


def _curve_convolutions(task: str) -> Trial:
    """Three convolutions of stride 2 along a curve, as MNIST-1D's paper has."""
    first = layer("Conv1D", outputs=25, kernel=5, stride=2, activation="relu")
    second = layer("Conv1D", outputs=25, kernel=3, stride=2, activation="relu")
    return _trial(task, first, second, second, layer("Flatten"))


def _image_convolutions() -> Trial:
    """LeNet's plan in small: convolution, pool, convolution, dense, output."""
    return _trial(
        "digits",
        layer("Conv2D", outputs=16, kernel=3, padding="same", activation="relu"),
        layer("MaxPool2D", size=2),
        layer("Conv2D", outputs=32, kernel=3, padding="same", activation="relu"),
        layer("Flatten"),
        layer("Dropout", rate=0.3),
        _dense(64),
        lr=2e-3,
    )


def _skip(units: int) -> LayerSpec:
    inside = layer("BatchNorm"), _dense(units), layer("Dense", outputs=units)
    return layer("Residual", *inside)


def _residual(task: str) -> Trial:
    """20 layers of 64 units, in ten blocks with a skip each, a norm before each.

    Source of the order: He et al. (2016), "Identity mappings", figure 4.
    """
    layers = (layer("Dense", outputs=64), *[_skip(64)] * 10)
    return _trial(task, *layers, flat=True, lr=1e-3)


def _attention(task: str, **more: Any) -> Trial:
    """Two encoder blocks of 32 features and four heads, their norms first."""
    block = (
        layer("Residual", layer("LayerNorm"), layer("Attention", heads=4)),
        layer("Residual", layer("LayerNorm"), _dense(64), layer("Dense", outputs=32)),
    )
    begin = (layer("Dense", outputs=32), layer("Positions"))
    end = layer("GlobalAvgPool")
    how: dict[str, Any] = {"lr": 2e-3} | more
    return _trial(task, *begin, *block, *block, end, **how)


SYSTEMS = {
    system.name: system
    for system in (
        System(
            "threshold",
            "Threshold units",
            "1943",
            "McCulloch & Pitts (1943)",
            "A unit fires where enough of its inputs do; weights are set by hand.",
            "First of the row: logic by neurons. Nothing is learned.",
            own=("xor",),
        ),
        System(
            "perceptron",
            "Perceptron",
            "1958",
            "Rosenblatt (1958)",
            "A threshold unit that learns from its mistakes, one a class.",
            "Weights are learned; but only what one plane parts, so XOR is not.",
            own=("xor", "digits", "mnist1d", "mnist1d_shuffled"),
        ),
        System(
            "logistic",
            "Logistic regression",
            "1958",
            "Cox (1958), beside the perceptron",
            "A linear model with probabilities: the yardstick of what needs no layers.",
            "Mistakes are weighed by how sure they were made; still one plane a class.",
            {
                task: _mlp(task)
                for task in ("xor", "digits", "mnist1d", "mnist1d_shuffled")
            },
        ),
        System(
            "mlp",
            "Multilayer perceptron",
            "1986",
            "Rumelhart, Hinton & Williams (1986); before them Werbos (1974) and"
            " Linnainmaa (1970)",
            "Hidden layers, trained by backpropagation.",
            "Hidden units find features of their own, so XOR is learned.",
            {
                "xor": _mlp("xor", 8, lr=1e-2),
                "digits": _mlp("digits", 128),
                "mnist1d": _mlp("mnist1d", 100, 100),
                "mnist1d_shuffled": _mlp("mnist1d_shuffled", 100, 100),
                "adding": _mlp("adding", 64, epochs=30),
            },
        ),
        System(
            "cnn",
            "Convolutional network",
            "1989",
            "LeCun et al. (1989) and (1998); before them Fukushima (1980)",
            "One small filter looks at every place of the image or the curve.",
            "One filter serves every place: what is learned in one holds in all.",
            {
                "digits": _image_convolutions(),
                "mnist1d": _curve_convolutions("mnist1d"),
                "mnist1d_shuffled": _curve_convolutions("mnist1d_shuffled"),
            },
        ),
        System(
            "elman",
            "Simple recurrent network",
            "1990",
            "Elman (1990)",
            "A state is fed back, step by step.",
            "Sequences of any length; but gradients vanish over many steps.",
            _recurrent("Elman"),
        ),
        System(
            "lstm",
            "Long short-term memory",
            "1997",
            "Hochreiter & Schmidhuber (1997)",
            "Gates decide what a cell keeps, and errors flow through it unchanged.",
            "What lies a hundred steps back can be learned, where the gate that forgets"
            " starts open (on the adding problem its bias starts at 4).",
            _recurrent("LSTM", forget_bias=4.0),
        ),
        System(
            "gru",
            "Gated recurrent unit",
            "2014",
            "Cho et al. (2014)",
            "Two gates in the place of three, and no cell beside the state.",
            "The same with three quarters of the weights.",
            _recurrent("GRU"),
        ),
        System(
            "residual",
            "Residual network",
            "2015",
            "He et al. (2015)",
            "Each block adds to its input; 20 dense layers in ten blocks.",
            "Depth: gradients pass the skips, so 20 layers train.",
            {
                task: _residual(task)
                for task in ("digits", "mnist1d", "mnist1d_shuffled")
            },
        ),
        System(
            "attention",
            "Transformer encoder",
            "2017",
            "Vaswani et al. (2017)",
            "Every step looks at every other and takes what it asks for.",
            "No step waits for another, and any two are one layer apart.",
            {
                "digits": _attention("digits", shape=(8, 8)),
                "mnist1d": _attention("mnist1d", epochs=30),
                "mnist1d_shuffled": _attention("mnist1d_shuffled", epochs=30),
            },
        ),
    )
}
