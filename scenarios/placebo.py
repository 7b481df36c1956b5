"""Controls that scenarios share: nothing but chance, and nothing but time."""

from dataclasses import replace
from functools import partial

from .scenario import Fix

PLACEBO = Fix(
    name="placebo",
    family="control",
    apply=partial(replace, restart=1),
    label="Placebo: the baseline with other random numbers",
    claim="It changes nothing but chance, so a test that says it helps is wrong.",
    strength="restart 1",
)


def train_longer(trial, claim):
    """A control that trains twice as long, where that must not help."""
    return Fix(
        name="train_longer",
        family="control",
        apply=partial(replace, epochs=2 * trial.epochs),
        label="Twice as many epochs",
        claim=claim,
        strength="2 times the epochs",
    )
