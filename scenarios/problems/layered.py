"""Networks of other layers: convolutions, a recurrence, skips, attention."""

from ..problem import Problem
from ..trial import Dataset, Trial, layer


def _digits(rows):
    steps = (("min_max", 0.0),)
    return Dataset("digits", rows=rows, validation=512, test=0, transforms=steps)


def _skipping(units):
    """x + W2 relu(W1 x): two dense layers with a way around them."""
    inside = layer("Dense", outputs=units, activation="relu")
    return layer("Residual", inside, layer("Dense", outputs=units))


def _encoder(features, hidden):
    """A block of a transformer's encoder with its norms first."""
    mixing = layer("Residual", layer("LayerNorm"), layer("Attention", heads=2))
    inside = layer("Dense", outputs=hidden, activation="relu")
    thinking = (layer("LayerNorm"), inside, layer("Dense", outputs=features))
    return mixing, layer("Residual", *thinking)


PROBLEMS = (
    Problem(
        name="digits_lenet",
        title="Small LeNet on digits",
        summary="Two convolutions of 6 and 16 channels with a pool between, on digits "
        "as images of 8 x 8 pixels.",
        trial=Trial(
            data=_digits(512),
            hidden=(),
            shape=(8, 8, 1),
            layers=(
                layer("Conv2D", outputs=6, kernel=3, padding="same", activation="relu"),
                layer("MaxPool2D", size=2),
                layer("Conv2D", outputs=16, kernel=3, activation="relu"),
                layer("Flatten"),
            ),
            batch_size=32,
            epochs=16,
        ),
    ),
    Problem(
        name="digits_residual",
        title="Residual network of 20 layers on digits",
        summary="Ten blocks of two dense layers of 16 units with skips: twice as deep "
        "as the deep tanh network, and without its vanishing gradients.",
        trial=Trial(
            data=_digits(1024),
            hidden=(),
            layers=(layer("Dense", outputs=16), *[_skipping(16)] * 10),
            batch_size=32,
            epochs=15,
        ),
    ),
    Problem(
        name="adding_gru",
        title="GRU on the adding problem",
        summary="Sixteen gated units that must add the two marked of 12 numbers.",
        trial=Trial(
            data=Dataset(
                "adding",
                rows=512,
                validation=512,
                test=0,
                options=(("length", 12), ("n_samples", 1024)),
            ),
            hidden=(),
            shape=(12, 2),
            layers=(layer("GRU", units=16),),
            loss="mse",
            batch_size=32,
            epochs=20,
        ),
    ),
    Problem(
        name="grammar_transformer",
        title="Small transformer on a grammar",
        summary="One encoder block of 16 features and two heads that predicts the next "
        "letter of strings of Reber's grammar.",
        trial=Trial(
            data=Dataset(
                "grammar",
                rows=512,
                validation=512,
                test=0,
                options=(("length", 8), ("n_samples", 1024)),
            ),
            hidden=(),
            shape=(8,),
            layers=(
                layer("Embedding", vocabulary=7, outputs=16),
                layer("Positions"),
                *_encoder(16, 32),
                layer("GlobalAvgPool"),
            ),
            batch_size=32,
            epochs=11,
        ),
    ),
)
