"""Wrong labels, which a wide network memorises."""

from ..injected import InjectedTrouble, with_data


def _wrong(trial, share):
    return with_data(trial, label_noise=share)


TROUBLE = InjectedTrouble(
    name="label_noise",
    title="Label noise",
    cause="This share of the training and validation labels is wrong.",
    unit="share of wrong labels",
    strengths=(0.1, 0.25, 0.4),
    caused=_wrong,
    shows="overfitting",
    twin="wide",
    question="overfitting.label_noise",
)
