"""Where models of two inputs draw the line: a network, and those that are read."""

from typing import Any

import numpy as np

from ....scenarios import Dataset, Trial
from ...execution.explaining import fitted
from ..explained_network import first_seed, shown
from ..history.parts import squares

_POINTS = 33
_DATA = Dataset("moons", rows=400, validation=100, test=1000)
_NETWORK = Trial(_DATA, hidden=(32,), lr=0.01, epochs=40)
_READ = {"linear": (), "small_tree": (("depth", 3),), "additive": ()}
_NAMES = {"linear": "linear", "small_tree": "tree", "additive": "additive"}


def exhibit(evidence):
    """A picture beside the question that is named after the scenario alone."""
    seed = first_seed(evidence)
    asked = evidence.scenario.baseline.explanation is not None
    if not asked or "." in evidence.scenario.name or seed is None:
        return [], []
    found = shown(_NETWORK, seed)
    rows = found.rows
    low, high = rows.x_train.min(axis=0), rows.x_train.max(axis=0)
    across, down = (np.linspace(a, b, _POINTS) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(across, down[::-1]), axis=-1).reshape(-1, 2)
    grid = np.ascontiguousarray(grid, np.float32)

    def network(x):
        return found.net.predict(found.params, x)

    models: dict[str, Any] = {"network": network}
    for name, how in _READ.items():
        trial = Trial(_DATA, explanation=name, explanation_options=how)
        models[_NAMES[name]] = fitted(trial, rows, seed).predict
    right = {
        name: float((model(rows.x_test).argmax(axis=1) == rows.y_test[:, 0]).mean())
        for name, model in models.items()
    }
    panels = {
        f"{name} {100 * right[name]:.0f} %": _sure(model(grid)).reshape(_POINTS, -1)
        for name, model in models.items()
    }
    return [], [
        squares(
            "What a model that can be read cannot draw",
            "Two classes of points on two half circles that reach into each other. The"
            " darker, the surer a model is of the second class; beside its name its"
            " accuracy on 1,000 test points. A tree of depth 3 cuts along the axes, a"
            " linear model has one line, an additive model one curve for each input.",
            panels,
            (0.0, 1.0),
        )
    ]


def _sure(logits):
    """Probability of the second class."""
    return 1 / (1 + np.exp(logits[:, 0].astype(float) - logits[:, 1]))
