"""Training inputs unlike those of use: weigh them, scale them, or see a few of them.

The weights and the scales need inputs of use without labels. The validation rows are
such inputs, and choose the doses by their labels: whoever has no labels of new rows
must choose a dose without.
"""

from dataclasses import replace

from ..data.augmentation import COPIES
from ..doses import Doses
from ..scenario import Fix
from .augmentation import jittered
from .more_data import more

_ALL = ("covariate_shift", "covariate_shift.network", "covariate_shift.digits")
_HIDDEN = ("covariate_shift.network", "covariate_shift.digits")


def _weighted(trial, power):
    return trial.adding(weighting=("density_ratio", power))


def _own_scales(trial):
    return trial.adding(transforms=("own_scales", 0))


def _few(trial, rows):
    """So many of the training rows are of the new distribution."""
    return trial.adding(selection=("new_rows", rows))


def _l2(trial, penalty):
    return replace(trial, l2=penalty)


def _units(trial, units):
    return replace(trial, hidden=(units,))


FIXES = (
    Fix(
        name="importance_weights",
        family="reweighting",
        apply=_weighted,
        label="Importance weights by a domain classifier",
        claim="Training rows that look like the new ones count more.",
        strength="the density ratio to the power {dose}",
        treats=_ALL,
        doses=Doses("power", (0.2, 0.4, 0.6, 0.8, 1.0), 1.0, "linear", least=0),
    ),
    Fix(
        name="own_scales",
        family="numerics",
        apply=_own_scales,
        label="Each part standardised by its own statistics",
        claim="If only location and spread have moved, that takes the shift away.",
        strength="each part on scales of its own",
        treats=_ALL,
    ),
    Fix(
        name="noisy_copies",
        family="augmentation",
        apply=jittered,
        label="Copies of each row, with noise",
        claim="Noise covers some of the space between old and new inputs.",
        strength=f"{COPIES} copies, standard deviation {{dose}}",
        treats=_ALL,
        doses=Doses("standard deviation", (0.05, 0.1, 0.2, 0.4, 0.8), 0.2, least=0),
    ),
    Fix(
        name="few_new_rows",
        family="more data",
        apply=_few,
        label="A few labelled rows of the new distribution, in the place of others",
        claim="Nothing tells of the new inputs as new rows do.",
        strength="{dose} new rows",
        treats=_ALL,
        doses=Doses("new rows", (10, 20, 40, 80, 160), 40, least=1, most=400),
    ),
    Fix(
        name="more_data",
        family="more data",
        apply=more,
        label="More data of the old distribution, as many steps",
        claim="More data is always better.",
        strength="{dose} times the rows",
        treats=("covariate_shift", "covariate_shift.network"),
        doses=Doses("times the rows", (2, 3, 4, 6, 8), 4, least=1, most=16),
    ),
    Fix(
        name="l2",
        family="regularisation",
        apply=_l2,
        label="L2 penalty",
        claim="A smooth function errs less where it has seen nothing.",
        strength="penalty {dose}",
        treats=_ALL,
        doses=Doses("penalty", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2), 1e-3, least=0),
    ),
    Fix(
        name="smaller_network",
        family="capacity",
        apply=_units,
        label="Fewer hidden units",
        claim="A small network has fewer ways to go wrong where it has seen nothing.",
        strength="{dose} hidden units",
        treats=_HIDDEN,
        doses=Doses("hidden units", (2, 4, 6, 8, 12), 8, least=2, most=15),
    ),
    Fix(
        name="hidden_units",
        family="capacity",
        apply=_units,
        label="Hidden units, so that the model can hold the rule",
        claim="Where the model is right, the best fit is the same everywhere.",
        strength="{dose} hidden units",
        treats=("covariate_shift",),
        doses=Doses("hidden units", (4, 8, 16, 32, 64), 16, least=2, most=256),
    ),
)
