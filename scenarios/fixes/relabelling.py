"""Labels looked at again. Northcutt, Athalye & Mueller (2021)."""

from dataclasses import replace

from ..scenario import Fix


def _relabelled(trial):
    return replace(trial, data=replace(trial.data, label_noise=0.0))


FIXES = (
    Fix(
        name="relabel",
        family="more data",
        apply=_relabelled,
        label="The same rows with all labels put right",
        claim="What is memorised does no harm where it is right.",
        strength="no wrong labels (label noise 0)",
        treats=("overfitting.label_noise",),
    ),
)
