"""Handwritten digits: a linear model, a hidden layer, a deep one, an autoencoder."""

from ..problem import Problem
from ..trial import Dataset, Trial

_DIGITS = Dataset(
    "digits", rows=1024, validation=512, test=0, transforms=(("min_max", 0.0),)
)

PROBLEMS = (
    Problem(
        name="digits_softmax",
        title="Softmax regression on digits",
        summary="A linear classifier of handwritten digits: a convex problem.",
        trial=Trial(data=_DIGITS, hidden=(), batch_size=32, epochs=30),
        quick=True,
    ),
    Problem(
        name="digits_mlp",
        title="One hidden layer on digits",
        summary="A network 64-100-10 that classifies handwritten digits.",
        trial=Trial(data=_DIGITS, hidden=(100,), batch_size=32, epochs=20),
    ),
    Problem(
        name="digits_deep",
        title="Deep narrow tanh network on digits",
        summary="Eight hidden layers of 16 tanh units: gradients reach the first "
        "layers through many factors.",
        trial=Trial(
            data=_DIGITS, hidden=(16,) * 8, activation="tanh", batch_size=32, epochs=40
        ),
    ),
    Problem(
        name="digits_autoencoder",
        title="Autoencoder of digits",
        summary="A network 64-32-8-32-64 that squeezes digits through eight numbers.",
        trial=Trial(
            data=Dataset("digits_reconstruction", rows=1024, validation=512, test=0),
            hidden=(32, 8, 32),
            activation="tanh",
            loss="mse",
            batch_size=32,
            epochs=30,
        ),
    ),
)
