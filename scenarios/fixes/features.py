"""Other features made of the same inputs, or fewer of them."""

from functools import partial

from ..doses import Doses
from ..scenario import Fix

_BOTH = ("overfitting", "overfitting.label_noise")
_COUNTS = (4, 8, 12, 16, 24, 32, 48)


def _then(trial, argument, name):
    return trial.adding(transforms=(name, argument))


def _fewer(name, transform, label, claim, treats=_BOTH):
    return Fix(
        name=name,
        family="dimensionality reduction",
        apply=partial(_then, name=transform),
        label=label,
        claim=claim,
        strength="{dose} inputs",
        treats=treats,
        doses=Doses("inputs kept", _COUNTS, 24, least=2, most=63),
    )


FIXES = (
    _fewer(
        "pca",
        "pca",
        "Principal components (PCA)",
        "Fewer inputs leave fewer ways to tell single examples apart.",
    ),
    _fewer(
        "informative_inputs",
        "most_informative",
        "The inputs that tell most of the class",
        "Inputs that tell nothing of the class only help to memorise.",
    ),
    _fewer(
        "sparse_inputs",
        "sparse_model",
        "The inputs that a sparse linear model keeps",
        "An L1 penalty finds the inputs that are needed together.",
    ),
    Fix(
        name="polynomial",
        family="capacity",
        apply=partial(_then, name="polynomial"),
        label="Products of inputs (polynomial features)",
        claim="Curved features let even a simple network draw curved boundaries.",
        strength="polynomial of degree {dose}",
        treats=("underfitting",),
        doses=Doses("degree", (2, 3, 4, 5, 6, 8), 4, "linear", least=2, most=10),
    ),
    Fix(
        name="fourier_features",
        family="capacity",
        apply=partial(_then, name="fourier"),
        label="Random Fourier features",
        claim="Random waves of the inputs bend enough for a linear boundary.",
        strength="{dose} features",
        treats=("underfitting", "underfitting.digits"),
        doses=Doses("features", (10, 30, 100, 300), 100, least=2, most=1000),
    ),
)
