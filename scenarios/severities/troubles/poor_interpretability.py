"""Poor interpretability: weights read as importance though units differ."""

from dataclasses import replace

from ..injected import InjectedTrouble


def _by_weights(trial, factor):
    mixed = trial.adding(transforms=("two_units", factor))
    return replace(mixed, explanation="first_layer_weights", explanation_options=())


TROUBLE = InjectedTrouble(
    name="poor_interpretability",
    title="Poor interpretability",
    cause="A network is explained by the sizes of its first-layer weights, and every"
    " second input is in a unit smaller by this factor.",
    unit="factor between two units",
    strengths=(2, 4, 8),
    caused=_by_weights,
    shows="poor_interpretability",
    twin="readable",
    patients=("classification", "digits", "diabetes"),
    absent={
        "breast_cancer": "a tree of depth 3 gives nine tenths of the network's answers,"
        " whatever the units.",
    },
    question="poor_interpretability.digits",
    scored=False,
)
