"""Covariate shift: training rows from one side of the inputs, new ones from the other.

The score that parts the sides is the first principal component of the inputs.
"""

from ..injected import InjectedTrouble, with_data


def _shifted(trial, strength):
    return with_data(trial, selection=(("shift", strength),))


TROUBLE = InjectedTrouble(
    name="covariate_shift",
    title="Covariate shift",
    cause="Rows are drawn by weights exp(-s score) to train on, exp(s score) as new"
    " ones, where s is this.",
    unit="strength of the selection",
    strengths=(1, 2.5, 3.5),
    caused=_shifted,
    shows="covariate_shift",
    patients=("bent", "coarse_digits"),
    may_show={
        "overfitting": "New rows fare far worse than training rows, for a reason that"
        " their losses alone do not tell.",
    },
    absent={
        "breast_cancer": "the border found on one side of the tumours holds so far on"
        " the other that five splits leave open what is lost.",
    },
)
