"""Vanishing gradient: layers of sigmoid units, each of which passes on a fraction."""

from dataclasses import replace

from ..injected import InjectedTrouble


def _sigmoid(trial, layers):
    return replace(trial, hidden=(16,) * layers, activation="sigmoid")


_STUCK = "The loss rests near that of a guess, and high and flat it looks the same."

TROUBLE = InjectedTrouble(
    name="vanishing_gradient",
    title="Vanishing gradient",
    cause="The network has this many layers of 16 sigmoid units.",
    unit="sigmoid layers",
    strengths=(3, 6, 9),
    caused=_sigmoid,
    shows="vanishing_gradient",
    twin="deep",
    may_show={"slow_training": _STUCK, "underfitting": _STUCK},
)
