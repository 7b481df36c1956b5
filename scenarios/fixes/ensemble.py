"""Several networks instead of one. Hansen & Salamon (1990)."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _together(trial, networks):
    return replace(trial, members=networks)


FIXES = (
    Fix(
        name="ensemble",
        family="ensembling",
        apply=_together,
        label="Ensemble: the mean of several networks",
        claim="Networks that start elsewhere err elsewhere, and the mean errs less.",
        strength="{dose} networks",
        treats=("overfitting", "overfitting.label_noise"),
        doses=Doses("networks", (2, 3, 4, 6, 8), 5, least=2, most=8),
    ),
)
