"""A rare class: weighed, drawn again, answered sooner, or collected."""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix
from .more_data import more

_BOTH = ("class_imbalance", "class_imbalance.digits")
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


def _weighted(trial, power):
    return trial.adding(weighting=("class_weights", power))


def _resampled(trial, share, name):
    """Changed training rows, in about as many steps."""
    rare = dict(trial.data.selection)["minority"]
    # Of 1 row, so many remain.
    rows = (1 - rare) / (1 - share) if name == "oversample" else rare / share
    epochs = max(1, round(trial.epochs / rows))
    return replace(trial.adding(augment=(name, share)), epochs=epochs)


def _collected(trial, share):
    return trial.adding(selection=("minority_seen", share))


def _rare_rows(shares, most, scenario):
    return Fix(
        name="rare_rows",
        family="more data",
        apply=_collected,
        label="More rows of the rare class in the place of others",
        claim="What is missing are examples of the rare class.",
        strength="the minority is seen as a share of {dose}",
        treats=(scenario,),
        doses=Doses("share", shares, 0.1, least=0.045, most=most),
    )


FIXES = (
    Fix(
        name="class_weights",
        family="reweighting",
        apply=_weighted,
        label="Class weights in the loss (inverse frequency)",
        claim="An error on the rare class costs as much more as the class is rarer.",
        strength="class weights, power {dose}",
        treats=_BOTH,
        doses=Doses("power", (0.25, 0.5, 0.75, 1.0, 1.25, 1.5), 1.0, "linear", least=0),
    ),
    Fix(
        name="oversample",
        family="resampling",
        apply=partial(_resampled, name="oversample"),
        label="Rows of the rare class taken again (oversampling)",
        claim="A class that is seen as often counts as much.",
        strength="oversample to a share of {dose}, in about as many steps",
        treats=_BOTH,
        doses=Doses("share", _SHARES, 0.5, "linear", least=0.05, most=0.9),
    ),
    Fix(
        name="undersample",
        family="resampling",
        apply=partial(_resampled, name="undersample"),
        label="Rows of the frequent class left out (undersampling)",
        claim="What is left out of the frequent class was redundant.",
        strength="undersample to a share of {dose}, in about as many steps",
        treats=_BOTH,
        doses=Doses("share", _SHARES, 0.5, "linear", least=0.05, most=0.9),
    ),
    Fix(
        name="moved_threshold",
        family="decision",
        apply=partial(replace, decision="balanced"),
        label="A moved decision threshold, chosen on validation rows",
        claim="The network ranks the rows well; only its threshold is wrong.",
        strength="a threshold balanced over the classes",
        treats=_BOTH,
    ),
    _rare_rows((0.06, 0.08, 0.1, 0.15, 0.2, 0.3), 0.6, "class_imbalance"),
    # Of the digits there are no more.
    _rare_rows((0.05, 0.06, 0.08, 0.1, 0.12, 0.15), 0.16, "class_imbalance.digits"),
    Fix(
        name="more_data",
        family="more data",
        apply=more,
        label="More data, as many steps, the class as rare",
        claim="With more rows there are more of the rare class too.",
        strength="{dose} times the rows",
        treats=("class_imbalance",),
        doses=Doses("times the rows", (2, 3, 4, 6, 8), 4, least=1, most=16),
    ),
)
