"""Dead ReLU: inputs far on one side of zero."""

from ..injected import InjectedTrouble, transformed


def _far(trial, offset):
    return transformed(trial, ("shifted", offset))


_STUCK = "Units that no row activates learn no more: the loss rests where it is."

TROUBLE = InjectedTrouble(
    name="dead_relu",
    title="Dead ReLU",
    cause="This is added to all inputs, whose standard deviation is 1.",
    unit="standard deviations",
    strengths=(3, 10, 20),
    caused=_far,
    shows="dead_relu",
    twin="rectified",
    may_show={
        "slow_training": _STUCK,
        "underfitting": _STUCK,
        "vanishing_gradient": "A layer whose units are dead passes no gradient back.",
        "divergence": "Long first steps are what kills the units.",
    },
)
