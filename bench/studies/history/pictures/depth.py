"""What reaches the first layers of deep networks."""

from dataclasses import replace

import numpy as np

from .....scenarios.trial import Trial, layer
from ..parts import lines
from ..systems import SYSTEMS
from ..training import trained

DEPTH, PASSES, ROWS = 20, 5, 256
_WIDTH = 64


def _plain(activation: str) -> Trial:
    """The residual network's trial with so many dense layers and no skips or norms."""
    stack = (layer("Dense", outputs=_WIDTH, activation=activation),) * DEPTH
    return replace(SYSTEMS["residual"].trials["digits"], layers=stack)


def by_depth(trial: Trial, seed: int) -> tuple[list[float], float]:
    """RMS of the gradient of each layer's weights, and the accuracy on test rows.

    Both after some passes; the gradient is of the first training rows.
    """
    after = trained(replace(trial, epochs=PASSES), seed)
    net, rows = after.net, after.rows
    x, y = rows.x_train[:ROWS], rows.y_train[:ROWS]
    _, slope = net.loss_and_grad(after.params, x, y)
    sizes = [
        float(np.sqrt(np.mean(slope[at : at + np.prod(shape)] ** 2)))
        for name, at, shape in net.layout
        if name.endswith(".weight") and len(shape) == 2
    ]
    return sizes, net.evaluate(after.params, rows.x_test, rows.y_test)[1]


def residual(seed: int):
    """20 plain layers of sigmoids and of rectifiers, and ten blocks with skips."""
    nets = {
        "plain, sigmoid": _plain("sigmoid"),
        "plain, ReLU": _plain("relu"),
        "ten blocks with skips": SYSTEMS["residual"].trials["digits"],
    }
    found = {name: by_depth(trial, seed) for name, trial in nets.items()}
    return lines(
        "What reaches the first layers",
        f"RMS of the gradient of each layer's weights after {PASSES} passes over"
        f" digits, in networks of {DEPTH} layers; beside each its share of test rows"
        " that are right. What is too small to be a float32 is not drawn.",
        ("layer, counted from the input", "RMS of the weights' gradient"),
        {
            f"{name}: {100 * right:.0f} %": (range(1, len(sizes) + 1), sizes)
            for name, (sizes, right) in found.items()
        },
        y_scale="log",
    )


PICTURES = {"residual": residual}
