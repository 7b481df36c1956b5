"""Divergence: a learning rate far above the sound one."""

from dataclasses import replace

from ..injected import InjectedTrouble

_GONE = "Where the loss has run away, what the layers do is no trouble of its own."


def _faster(trial, factor):
    return replace(trial, lr=trial.lr * factor)


TROUBLE = InjectedTrouble(
    name="divergence",
    title="Divergence",
    cause="The learning rate is multiplied by this.",
    unit="factor of the learning rate",
    strengths=(30, 100, 300),
    caused=_faster,
    shows="divergence",
    patients=("friedman1", "diabetes", "breast_cancer"),
    may_show={
        "exploding_gradient": _GONE,
        "vanishing_gradient": _GONE,
        "dead_relu": _GONE,
        "slow_training": _GONE,
    },
    absent={
        "digits": "a softmax over ReLU units stays finite: the units die instead.",
        "classification": "the units die instead of leaving the numbers.",
    },
)
