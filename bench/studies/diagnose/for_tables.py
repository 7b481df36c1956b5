"""Fixes made for tables: what each changes, its doses, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from ....scenarios import Fix, Trial
from .folds import BALANCED
from .gaps import FLAGS, MEAN, MODEL, filling


@dataclass(frozen=True)
class Remedy:
    """A fix as it may be tried on a table.

    change: of (trial, dose) to a trial; doses: strengths to choose from, () where there
    is one only; strength: what it sets, `{dose}` for the dose. treats: names of the
    findings it is for, () for all.
    """

    name: str
    family: str
    label: str
    claim: str
    strength: str
    change: Callable[[Trial, float | None], Trial]
    doses: tuple[float, ...] = ()
    treats: tuple[str, ...] = ()

    def fix(self, trial: Trial, dose: float | None) -> Fix:
        """The `Fix` of this remedy at a dose, for one trial."""
        treated = self.change(trial, dose)
        told = "" if dose is None else f"{dose:g}"
        return Fix(
            self.name,
            self.family,
            partial(_as_is, treated=treated),
            self.label,
            self.claim,
            strength=self.strength.format(dose=told, lr=f"{treated.lr:g}"),
        )


def _as_is(_trial, treated):
    return treated


def _then(trial, _dose, name):
    steps = (*trial.data.transforms, (name, 0))
    return replace(trial, data=replace(trial.data, transforms=steps))


def _balanced(trial, _dose):
    options = tuple(sorted([*trial.data.options, (BALANCED, 1)]))
    return replace(trial, data=replace(trial.data, options=options))


def _weighted(trial, power):
    weighting = (*trial.data.weighting, ("class_weights", power))
    return replace(trial, data=replace(trial.data, weighting=weighting))


def _wider(trial, dose):
    return replace(trial, hidden=tuple(int(dose * width) for width in trial.hidden))


def _narrower(trial, dose):
    return replace(trial, hidden=tuple(max(2, round(w / dose)) for w in trial.hidden))


def _plain(trial, _dose, **changes):
    return replace(trial, **changes)


def _rated(trial, dose):
    return replace(trial, lr=float(f"{trial.lr * dose:.3g}"))


def _dosed(trial, dose, name):
    return replace(trial, **{name: dose})


OWN = (
    Remedy(
        "learning_rate",
        "optimization",
        "Another learning rate",
        "The rate decides how far each step goes: too far, or hardly anywhere.",
        "learning rate {lr}",
        _rated,
        (0.01, 0.1, 0.3, 3.0, 10.0),
    ),
    Remedy(
        "standardise",
        "numerics",
        "Standardised inputs",
        "With all inputs on one scale, one learning rate suits every weight.",
        "mean 0, standard deviation 1",
        partial(_then, name="standardise"),
    ),
    Remedy(
        "early_stopping",
        "regularisation",
        "Early stopping",
        "Keep the weights from before the validation loss began to rise.",
        "patience of 10 epochs",
        partial(_plain, patience=10),
    ),
    Remedy(
        "l2",
        "regularisation",
        "L2 penalty (weight decay)",
        "Small weights make a smooth function that cannot bend for one example.",
        "penalty {dose}",
        partial(_dosed, name="l2"),
        (1e-4, 1e-3, 1e-2),
    ),
    Remedy(
        "dropout",
        "regularisation",
        "Dropout",
        "Units switched off at random cannot memorise one example together.",
        "rate {dose}",
        partial(_dosed, name="dropout"),
        (0.1, 0.3, 0.5),
    ),
    Remedy(
        "wider_layers",
        "capacity",
        "Wider layers",
        "More units draw more boundaries.",
        "{dose} times as many units",
        _wider,
        (2, 4, 16),
    ),
    Remedy(
        "narrower_layers",
        "capacity",
        "Narrower layers",
        "A small network has no room to store single examples.",
        "a {dose}th of the units",
        _narrower,
        (4, 8),
        ("few_rows", "overfitting", "label_noise"),
    ),
    Remedy(
        "whitened",
        "numerics",
        "Principal components of equal size",
        "Without correlations, no direction is slower than another.",
        "whitened on the training rows",
        partial(_then, name="whitened"),
        (),
        ("conditioning", "ill_conditioning", "scales"),
    ),
    Remedy(
        "ranked",
        "numerics",
        "Ranks in the place of values",
        "A value far from all others is but the last in rank.",
        "normal scores",
        partial(_then, name="ranked"),
        (),
        ("outliers", "scales", "ill_conditioning"),
    ),
    Remedy(
        "balanced",
        "more data",
        "Rare classes drawn more often",
        "A class that is seen as often counts as much.",
        "all classes alike",
        _balanced,
        (),
        ("imbalance", "class_imbalance"),
    ),
    Remedy(
        "class_weights",
        "reweighting",
        "Class weights in the loss (inverse frequency)",
        "An error on a rare class costs as much more as the class is rarer.",
        "class weights, power {dose}",
        _weighted,
        (0.5, 0.75, 1.0),
        ("imbalance", "class_imbalance"),
    ),
    *(
        Remedy(
            name,
            "numerics",
            label,
            claim,
            told,
            partial(filling, way=name),
            (),
            ("gaps",),
        )
        for name, label, claim, told in (
            (
                MEAN,
                "Gaps filled with the mean",
                "The mean keeps the sum of a column, the median its middle.",
                "training mean",
            ),
            (
                FLAGS,
                "Gaps marked in columns of their own",
                "That a value is missing may itself tell something.",
                "median, and a mark for each column with gaps",
            ),
            (
                MODEL,
                "Gaps filled from the other columns",
                "What other columns tell of a value beats one number for all.",
                "ridge regressions, 5 rounds",
            ),
        )
    ),
)
