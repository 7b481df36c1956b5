"""Other features made of the same inputs."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _then(trial, name, argument):
    transforms = (*trial.data.transforms, (name, argument))
    return replace(trial, data=replace(trial.data, transforms=transforms))


FIXES = (
    Fix(
        name="pca",
        family="dimensionality reduction",
        apply=partial(_then, name="pca", argument=16),
        label="First 16 principal components",
        claim="Fewer inputs leave fewer ways to tell single examples apart.",
        treats=("overfitting",),
    ),
    Fix(
        name="polynomial",
        family="capacity",
        apply=partial(_then, name="polynomial", argument=4),
        label="Products of up to 4 inputs",
        claim="Curved features let even a simple network draw curved boundaries.",
        treats=("underfitting",),
    ),
)
