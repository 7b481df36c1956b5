"""Ways to explain a trained network, each after the same training."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..poor_interpretability import explained
from ..scenario import Fix

_PLANTED = ("poor_interpretability", "poor_interpretability.duplicates")
_NUMBERS = ("poor_interpretability.regression",)
_REAL = ("poor_interpretability.digits", "poor_interpretability.tumours")
_TABLES = (*_PLANTED, *_NUMBERS, _REAL[1])
_ALL = (*_PLANTED, *_NUMBERS, *_REAL)


def _dosed(trial, value, name, option):
    return explained(trial, name, **{option: value})


def _fix(name, label, claim, strength, treats=_ALL, family="explanation", **more):
    apply = more.pop("apply", partial(explained, name=name))
    return Fix(name, family, apply, label, claim, treats, strength, **more)


def _standardised(trial):
    return trial.adding(transforms=("standardise", 0))


def _averaged(trial):
    return replace(explained(trial, "integrated_gradients"), members=5)


FIXES = (
    _fix(
        "standardise",
        "Standardised inputs",
        "With all inputs on one scale the sizes of weights can be compared.",
        "standardised",
        _PLANTED,
        "numerics",
        apply=_standardised,
    ),
    _fix(
        "scaled_weights",
        "First-layer weights times the spread of the input",
        "A weight counts for as much as the input varies.",
        "first layer weights, scaled",
        apply=partial(explained, name="first_layer_weights", scaled=True),
    ),
    _fix(
        "permutation",
        "Permutation importance",
        "An input that matters is missed when its column is shuffled.",
        "permutation",
    ),
    _fix(
        "grouped_permutation",
        "Permutation importance of groups of inputs",
        "Inputs that tell the same must be shuffled together.",
        "grouped permutation",
        (*_PLANTED, _REAL[1]),
    ),
    _fix(
        "saliency",
        "Saliency (gradient of the output)",
        "An input matters where a small change of it moves the output.",
        "saliency",
    ),
    _fix(
        "gradient_times_input",
        "Gradient times input",
        "What an input adds is its slope times how far it is from its mean.",
        "gradient times input",
    ),
    _fix(
        "integrated_gradients",
        "Integrated gradients",
        "Slopes along the way from the mean row add up to the whole difference.",
        "integrated gradients",
    ),
    _fix(
        "smooth_grad",
        "SmoothGrad",
        "The mean slope over noisy copies leaves out what flickers.",
        "smooth grad, noise {dose}",
        apply=partial(_dosed, name="smooth_grad", option="noise"),
        doses=Doses("noise", (0.02, 0.05, 0.1, 0.2, 0.4), 0.1, least=0),
    ),
    _fix(
        "partial_dependence",
        "Spread of the partial dependence",
        "An input matters where the mean output follows it.",
        "partial dependence",
        _TABLES,
    ),
    _fix(
        "surrogate_tree",
        "A tree that imitates the network",
        "A tree that gives the same answers can be read.",
        "surrogate tree, depth {dose}",
        apply=partial(_dosed, name="surrogate_tree", option="depth"),
        doses=Doses("depth", (2, 3, 4, 6, 8), 3, "linear", least=1, most=12),
    ),
    _fix(
        "averaged_gradients",
        "Integrated gradients, the mean of 5 networks",
        "What chance put into one network is not in the others.",
        "integrated gradients, 5 networks",
        (_PLANTED[0], *_REAL),
        "ensembling",
        apply=_averaged,
    ),
)
