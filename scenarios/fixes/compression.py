"""What is done to a trained network so that its file becomes smaller."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

# Passes over the training rows after a compression.
_EPOCHS = 10
_ALL = ("large_model", "large_model.images")


def _deployed(trial, **changes):
    return replace(trial, deployment=replace(trial.deployment, **changes))


def _compressed(trial, name, argument, **changes):
    """One compression more, in the order of the names: which is added first is one."""
    pairs = tuple(sorted((*trial.deployment.compression, (name, argument))))
    return _deployed(trial, compression=pairs, **changes)


def pruned(trial, sparsity, sparse=True):
    """The smallest weights zero; sparse: and left out of the file."""
    sparse = sparse or trial.deployment.sparse
    return _compressed(trial, "prune", sparsity, fine_tuning=_EPOCHS, sparse=sparse)


def _without_units(trial, share):
    return _compressed(trial, "prune_units", share, fine_tuning=_EPOCHS)


def _factored(trial, rank):
    return _compressed(trial, "low_rank", rank, fine_tuning=_EPOCHS)


def _distilled(trial, units):
    return _compressed(trial, "distil", units)


def _narrower(trial, units):
    return replace(trial, hidden=(units,) * len(trial.widths))


FIXES = (
    Fix(
        name="float16_file",
        family="fewer bits",
        apply=partial(_deployed, numbers="float16"),
        label="Weights stored in 16 bits",
        claim="Half the bits of a weight hold more digits than its noise.",
        strength="float16",
        treats=_ALL,
    ),
    Fix(
        name="int8_tensor",
        family="fewer bits",
        apply=partial(_deployed, numbers="int8_tensor"),
        label="int8, one scale for each matrix",
        claim="256 steps are enough for a weight, and whole numbers multiply fast.",
        strength="int8, a scale for each tensor",
        treats=_ALL,
    ),
    Fix(
        name="int8_channel",
        family="fewer bits",
        apply=partial(_deployed, numbers="int8"),
        label="int8, a scale for each unit",
        claim="A unit with small weights gets small steps of its own.",
        strength="int8, a scale for each unit",
        treats=_ALL,
    ),
    Fix(
        name="magnitude_pruning",
        family="fewer weights",
        apply=pruned,
        label="Magnitude pruning, stored sparse",
        claim="Small weights hardly matter: zeros in their place need no bytes.",
        strength="sparsity {dose}, sparse file, fine-tuning for 10 epochs",
        treats=_ALL,
        doses=Doses(
            "sparsity",
            (0.5, 0.7, 0.8, 0.9, 0.95, 0.98),
            0.8,
            "linear",
            least=0.3,
            most=0.99,
        ),
    ),
    Fix(
        name="unit_pruning",
        family="fewer weights",
        apply=_without_units,
        label="Structured pruning, whole units",
        claim="Without its weakest units the network is smaller, and faster too.",
        strength="{dose} of the hidden units pruned, fine-tuning for 10 epochs",
        treats=_ALL,
        doses=Doses(
            "share of the units",
            (0.25, 0.5, 0.65, 0.8, 0.9),
            0.5,
            "linear",
            least=0.1,
            most=0.95,
        ),
    ),
    Fix(
        name="low_rank",
        family="fewer weights",
        apply=_factored,
        label="Low-rank factors, two thin matrices for one",
        claim="A matrix whose rows resemble each other is a product of two thin ones.",
        strength="rank {dose}, fine-tuning for 10 epochs",
        treats=_ALL,
        doses=Doses("rank", (2, 4, 8, 16, 32), 16, least=1, most=63),
    ),
    Fix(
        name="distillation",
        family="another network",
        apply=_distilled,
        label="Distillation, into a narrower network",
        claim="The answers of the large network teach more than the labels.",
        strength="{dose} units a layer distilled",
        treats=_ALL,
        doses=Doses("units a layer", (4, 8, 16, 32, 48), 32, least=2, most=63),
    ),
    Fix(
        name="narrower",
        family="another network",
        apply=_narrower,
        label="Narrower network, from the start",
        claim="What a small network can learn needs no large one first.",
        strength="{dose} units a layer",
        treats=_ALL,
        doses=Doses("units a layer", (4, 8, 16, 32, 48), 32, least=2, most=63),
    ),
)
