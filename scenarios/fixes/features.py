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
        apply=partial(_then, name="pca", argument=24),
        label="First 24 principal components",
        claim="Fewer inputs leave fewer ways to tell single examples apart.",
        strength="24 components (PCA)",
        treats=("overfitting",),
    ),
    Fix(
        name="polynomial",
        family="capacity",
        apply=partial(_then, name="polynomial", argument=4),
        label="Products of up to 4 inputs",
        claim="Curved features let even a simple network draw curved boundaries.",
        strength="polynomial of degree 4",
        treats=("underfitting",),
    ),
)
