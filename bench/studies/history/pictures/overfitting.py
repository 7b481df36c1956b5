"""How far training and validation rows part, with dropout and without."""

from dataclasses import replace

from ..parts import lines
from ..systems import SYSTEMS
from ..training import trained

PASSES = 40


def dropout(seed: int):
    """Losses of training and validation rows, pass by pass, of both perceptrons."""
    series = {}
    for name, how in (("mlp", "without"), ("dropout", "with dropout")):
        trial = SYSTEMS[name].trials["mnist1d"]
        history = trained(replace(trial, epochs=PASSES), seed).history
        passes = range(1, len(history.val_loss) + 1)
        series |= {
            f"{how}, training": (passes, history.train_loss),
            f"{how}, validation": (passes, history.val_loss),
        }
    return lines(
        "Units that drop out keep training and validation together",
        f"Cross-entropy of the multilayer perceptron on MNIST-1D in its first {PASSES}"
        " passes, without dropout and with it, which has twice the units. The loss of"
        " training rows is that of the steps, with units left out.",
        ("passes over the training rows", "loss"),
        series,
        y_scale="log",
    )


PICTURES = {"dropout": dropout}
