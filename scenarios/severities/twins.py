"""Sound trainings that troubles need beside them: all they have but their cause."""

from dataclasses import replace

from ..trial import MemoryPlan

# Bytes that are ample for any of these trainings.
_AMPLE = 64_000_000


def plain(trial):
    """The sound training of the data set itself."""
    return trial


def wide(trial):
    """128 units and a small penalty, trained for longer at twice the rate."""
    return replace(trial, hidden=(128,), l2=1e-3, epochs=30, lr=2 * trial.lr)


def rectified(trial):
    """Three hidden layers of 32 ReLU units."""
    return replace(trial, hidden=(32, 32, 32), activation="relu", epochs=12)


def deep(trial):
    """Six hidden layers of 16 tanh units, without penalty."""
    return replace(trial, hidden=(16,) * 6, activation="tanh", l2=0.0, epochs=16)


def very_deep(trial):
    """Twelve hidden layers of 32 tanh units, trained by Adam."""
    return replace(
        trial,
        hidden=(32,) * 12,
        activation="tanh",
        l2=0.0,
        epochs=8,
        optimizer="adam",
        hyper=(),
        lr=0.002,
    )


def whole_batch(trial):
    """48 hidden layers of 32 ReLU units, one step on all rows, in ample memory."""
    return replace(
        trial,
        hidden=(32,) * 48,
        l2=0.0,
        optimizer="adam",
        hyper=(),
        lr=0.001,
        batch_size=None,
        epochs=1,
        memory=MemoryPlan(budget=_AMPLE),
    )


def readable(trial):
    """A decision tree of depth 2 in the place of the network."""
    return replace(trial, explanation="small_tree", explanation_options=(("depth", 2),))


_ALL = (plain, wide, rectified, deep, very_deep, whole_batch, readable)
TWINS = {each.__name__: each for each in _ALL}
