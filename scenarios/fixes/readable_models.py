"""Models that are read, in the place of a network that has to be explained."""

from functools import partial

from ..doses import Doses
from ..poor_interpretability import explained
from ..scenario import Fix

_TABLES = (
    "poor_interpretability",
    "poor_interpretability.duplicates",
    "poor_interpretability.regression",
    "poor_interpretability.tumours",
)


def _dosed(trial, value, name, option):
    return explained(trial, name, **{option: value})


def _model(name, label, claim, strength, treats=_TABLES, doses=None):
    apply = partial(explained, name=name)
    if doses:
        apply = partial(_dosed, name=name, option=doses.name)
    family = "interpretable model"
    return Fix(name, family, apply, label, claim, treats, strength, doses)


FIXES = (
    _model(
        "linear",
        "Linear model instead of the network",
        "A weight for each input is the whole model.",
        "a linear model",
        (*_TABLES, "poor_interpretability.digits"),
    ),
    _model(
        "sparse_linear",
        "Sparse linear model (L1) instead of the network",
        "A weight of zero says that an input is not used at all.",
        "sparse linear, penalty {dose}",
        doses=Doses("penalty", (0.003, 0.01, 0.03, 0.1, 0.3), 0.03, least=0),
    ),
    _model(
        "small_tree",
        "Small decision tree instead of the network",
        "A few questions one after the other can be followed by anyone.",
        "small tree, depth {dose}",
        (*_TABLES, "poor_interpretability.digits"),
        Doses("depth", (2, 3, 4, 6, 8), 3, "linear", least=1, most=12),
    ),
    _model(
        "additive",
        "Additive model of splines instead of the network",
        "A curve for each input shows all that the input does.",
        "an additive model, a spline for each input",
    ),
)
