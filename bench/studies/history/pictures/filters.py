"""What a convolution looks for, and where it finds it."""

import numpy as np

from ..parts import front, part, squares
from ..systems import SYSTEMS
from ..training import trained

SHOWN = 4  # filters
DIGIT = 3


def _spread(values: np.ndarray) -> np.ndarray:
    """Values from 0, the smallest, to 1, the largest."""
    low, high = values.min(), values.max()
    return (values - low) / max(high - low, 1e-12)


def cnn(seed: int):
    """The first layer's largest filters of digits, and what they find in one digit."""
    after = trained(SYSTEMS["cnn"].trials["digits"], seed)
    weights = part(after.net, after.params, "layer0.weight")[:, :, 0]
    chosen = np.argsort(-np.abs(weights).sum(axis=(0, 1)), kind="stable")[:SHOWN]
    first, beginning = front(after.net, after.params, 1)
    row = np.flatnonzero(after.rows.y_test[:, 0] == DIGIT)[0]
    image = after.rows.x_test[row : row + 1]
    found = first.predict(beginning, image).reshape(8, 8, -1)
    shown = {"filter": weights, "finds": found}
    panels = {
        f"{name} {k + 1}": _spread(values[:, :, unit])
        for name, values in shown.items()
        for k, unit in enumerate(chosen)
    }
    return squares(
        "What a convolution looks for",
        f"The {SHOWN} largest of the {weights.shape[2]} filters of 3 x 3 pixels that"
        f" the network learned on digits; under each, where it answers in a {DIGIT} of"
        " the test rows. Each panel is white at its smallest number and dark at its"
        " largest.",
        panels,
        (0.0, 1.0),
    )


PICTURES = {"cnn": cnn}
