"""Underfitting: fewer hidden units than the task needs, three times the epochs."""

from dataclasses import replace

from ..injected import InjectedTrouble


def _narrow(trial, units):
    epochs = 3 * trial.epochs
    return replace(trial, hidden=(units,), activation="tanh", epochs=epochs)


TROUBLE = InjectedTrouble(
    name="underfitting",
    title="Underfitting",
    cause="The network has this many tanh units, and is trained to its plateau.",
    unit="hidden units",
    strengths=(4, 2, 1),
    caused=_narrow,
    shows="underfitting",
    patients=("classification", "digits"),
    absent={"breast_cancer": "one hidden unit is enough: the classes part linearly."},
)
