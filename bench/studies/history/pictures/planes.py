"""What a system answers over the plane of XOR, and what its hidden units do."""

from collections.abc import Callable

import numpy as np

from .....kernels import Perceptron
from .....kernels.network import Network
from ....execution.data import split
from ..parts import front, squares
from ..systems import SYSTEMS
from ..tasks import TASKS
from ..training import set_by_hand, trained

POINTS, REACH = 41, 1.8  # a side of the grid, and how far it goes from 0
UNITS, SHOWN = 3, (1, 2, 3, 4)  # hidden units, passes of the perceptron
_CORNERS = ((-1, -1, "alike"), (1, 1, "alike"), (-1, 1, "differ"), (1, -1, "differ"))
_HOW = (
    " Over the plane of two numbers, the darker, the surer that their signs are alike;"
    " the task's four points are its corners."
)


def places() -> np.ndarray:
    """float32[points points, 2] of the plane, from its upper left corner on."""
    line = np.linspace(-REACH, REACH, POINTS, dtype=np.float32)
    across, down = np.meshgrid(line, line[::-1])
    return np.column_stack([across.ravel(), down.ravel()])


def _plane(title: str, sentence: str, answers: dict[str, np.ndarray]):
    """A panel for each answer, float[points points] from 0 to 1."""
    marks = [
        {"x": (x + REACH) / (2 * REACH), "y": (y + REACH) / (2 * REACH), "text": text}
        for x, y, text in _CORNERS
    ]
    named = {name: values.reshape(POINTS, -1) for name, values in answers.items()}
    return squares(title, sentence + _HOW, named, (0.0, 1.0), marks)


def threshold(seed: int):
    """Two units, AND and OR, and the third that joins them; weights set by hand."""
    net, params = set_by_hand()
    hidden, beginning = front(net, params, 2)
    between = hidden.predict(beginning, places())
    return _plane(
        "Three threshold units say where signs are alike",
        "AND fires above a line, OR above another; the third fires for what both or"
        " neither of them do.",
        {
            "AND": between[:, 0],
            "OR": between[:, 1],
            "alike": net.predict(params, places())[:, 0],
        },
    )


def perceptron(seed: int):
    """One unit, trained by Rosenblatt's rule: its line after some passes."""
    rows = split(TASKS["xor"].data, seed)
    return _plane(
        "A perceptron has one line for four corners",
        "No line has both corners of a class on one side, so that every pass ends with"
        " another one, or with none in sight.",
        {
            f"pass {passes}": Perceptron(passes, seed)
            .fit(rows.x_train, rows.y_train[:, 0])
            .predict(places())
            .astype(float)
            for passes in SHOWN
        },
    )


def _sure(net: Network, params: np.ndarray) -> np.ndarray:
    """How sure a network is of the class "alike"."""
    logits = net.predict(params, places())
    return 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))


def logistic(seed: int):
    """A linear model with probabilities."""
    after = trained(SYSTEMS["logistic"].trials["xor"], seed)
    return _plane(
        "A logistic regression finds no side to be sure of",
        "Its best line leaves both classes on both sides, so it says about one half"
        " everywhere.",
        {"Logistic regression": _sure(after.net, after.params)},
    )


def mlp(seed: int):
    """The answer of hidden units together, and the units that count most."""
    after = trained(SYSTEMS["mlp"].trials["xor"], seed)
    hidden, beginning = front(after.net, after.params, 1)
    units = hidden.predict(beginning, places())
    weights = after.params[hidden.n_params :][: 2 * units.shape[1]].reshape(-1, 2)
    effect = np.abs(weights[:, 1] - weights[:, 0]) * units.std(axis=0)
    chosen = np.argsort(-effect, kind="stable")[:UNITS]
    largest = np.maximum(units.max(axis=0), 1e-12)
    return _plane(
        "Hidden units fold the plane",
        f"The network's answer, and the {UNITS} of its {units.shape[1]} hidden units"
        " that move it most, each divided by its largest value: one bends along a line,"
        " and the lines together part the corners.",
        {"answer": _sure(after.net, after.params)}
        | {
            f"unit {k + 1}": units[:, unit] / largest[unit]
            for k, unit in enumerate(chosen)
        },
    )


PICTURES: dict[str, Callable] = {
    "threshold": threshold,
    "perceptron": perceptron,
    "logistic": logistic,
    "mlp": mlp,
}
