"""Class imbalance: one class is rare beside each of the others."""

import numpy as np

from ...data.sources import table
from ..injected import InjectedTrouble, with_data


def _rare(trial, ratio):
    data = trial.data
    classes = table(data.name, data.options, np.random.RandomState(0)).classes
    share = 1 / (1 + ratio * (classes - 1))
    return with_data(trial, selection=(("minority", share),))


TROUBLE = InjectedTrouble(
    name="class_imbalance",
    title="Class imbalance",
    cause="Of each other class there are this many rows for one of the rare class.",
    unit="imbalance ratio",
    strengths=(4, 20, 50),
    caused=_rare,
    shows="class_imbalance",
    patients=("two_normals", "eights", "coarse_digits"),
    absent={
        "breast_cancer": "half of the malignant tumours lie so far out that they are"
        " recognised however rare, and too few would stay to validate on.",
    },
)
