"""A trial on the rows of a seed, ready to be trained: every path reads a trial here.

A path that does not honour a field of trials that differ in it refuses them, so that no
fix is a placebo by accident.
"""

from collections.abc import Iterable
from dataclasses import fields

from ...scenarios import Trial
from .network import network, options, training_seed
from .starts import begun


def setting(trial, rows, seed):
    """(network, start, arguments of `train`) of a trial.

    rows: a split, or what knows the shapes of one, where there is no warm start; start:
    float[n], see `starts`.
    """
    net, key = network(trial, rows), training_seed(trial, seed)
    start = begun(net, trial, rows, key)
    return net, start, {"lr": trial.lr, "seed": key, **options(trial)}


def refuse_differences(trials: Iterable[Trial], honoured: set[str], path: str) -> None:
    """ValueError in one sentence where trials differ in a field that is not honoured.

    path: what runs them, in words.
    """
    trials = list(trials)
    for field in fields(Trial):
        values = {getattr(trial, field.name) for trial in trials}
        if field.name not in honoured and len(values) > 1:
            told = " and ".join(sorted(map(repr, values)))
            raise ValueError(
                f"{path} does not use {field.name}, in which trials that are compared"
                f" differ ({told}); use a metric of whole trainings, or leave it alike"
            )
