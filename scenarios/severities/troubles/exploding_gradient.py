"""Exploding gradient: weights that start too large, layer upon layer."""

from dataclasses import replace

from ..injected import InjectedTrouble

_CHAOS = (
    "Layers this large drive like inputs apart (Poole et al. 2016): rows are memorised."
)
_JUMPS = "Steps along such a gradient overshoot."


def _large(trial, layers):
    return replace(trial, hidden=(32,) * layers, initialiser="unit_normal")


TROUBLE = InjectedTrouble(
    name="exploding_gradient",
    title="Exploding gradient",
    cause="The network has this many tanh layers, whose weights start N(0, 1).",
    unit="layers",
    strengths=(6, 12, 18),
    caused=_large,
    shows="exploding_gradient",
    twin="very_deep",
    may_show={
        "overfitting": _CHAOS,
        "divergence": _JUMPS,
        "slow_training": _JUMPS,
        "underfitting": "Of saturated layers little can be learnt in the given time.",
    },
)
