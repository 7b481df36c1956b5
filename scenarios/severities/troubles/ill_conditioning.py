"""Ill-conditioning: inputs of very different scales."""

from ..injected import InjectedTrouble, transformed


def _unequal(trial, ratio):
    return transformed(trial, ("badly_scaled", 1 / ratio))


TROUBLE = InjectedTrouble(
    name="ill_conditioning",
    title="Ill-conditioning",
    cause="The scales of the inputs fall from 1 to one part in so many.",
    unit="ratio of scales",
    strengths=(30, 300, 3000),
    caused=_unequal,
    shows="ill_conditioning",
    may_show={
        "slow_training": "No step suits all directions (LeCun et al. 1998).",
        "underfitting": "What the small inputs tell is not learnt in the given time.",
    },
)
