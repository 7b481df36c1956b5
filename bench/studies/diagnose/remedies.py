"""Which fixes may help a table: those of the scenarios, and some made for tables."""

from collections.abc import Iterator
from dataclasses import replace
from math import comb
from typing import Any, cast

from ....scenarios import SCENARIOS, Fix, Trial
from .for_tables import OWN, Remedy
from .prescribing.rows_code import STEPS

# Doses of a scenario's fix that are tried, those around the usual one.
_DOSES = 5
# Inputs that a fix may make of those of a table.
_MOST_INPUTS = 600
# What each trouble has in common with scenarios, whose fixes are tried for it.
_SCENARIOS = {
    "few_rows": ("overfitting",),
    "label_noise": ("overfitting.label_noise",),
    "contradiction": ("overfitting.label_noise",),
    "overfitting": ("overfitting",),
    "underfitting": ("underfitting",),
    "divergence": ("divergence.deep", "exploding_gradient"),
    "rate_too_large": ("divergence.deep",),
    "exploding_gradient": ("exploding_gradient",),
    "vanishing_gradient": ("vanishing_gradient",),
    "dead_relu": ("dead_relu",),
    "memory_pressure": ("memory_pressure",),
}


def remedies(trial: Trial, inputs: int, found: set[str]) -> list[Remedy]:
    """Those that apply to a trial on a table of `inputs`, for the findings `found`."""
    mine = [r for r in OWN if not r.treats or found & {*r.treats}]
    names = [s for name in sorted(found) for s in _SCENARIOS.get(name, ())]
    seen = {
        name for remedy in mine for name in (remedy.name, *_SAME.get(remedy.name, ()))
    }
    for remedy in (
        r for name in dict.fromkeys(names) for r in _of_scenario(name, trial)
    ):
        if remedy.name not in seen:
            seen.add(remedy.name)
            mine.append(remedy)
    return [r for r in mine if _applies(r, trial, inputs)]


# Fixes of scenarios that do what one made for tables does.
_SAME = {
    "learning_rate": ("smaller_learning_rate",),
    "wider_layers": ("wider",),
    "narrower_layers": ("smaller_network",),
}


def _of_scenario(name: str, trial: Trial) -> Iterator[Remedy]:
    """The fixes that treat a scenario or a part of one, as remedies.

    One that sets a learning rate and no optimizer was tuned for the scenario's: it is
    left out where the trial's is another.
    """
    questions = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
    (scenario,) = (q for q in questions if q.name == name)
    for fix in scenario.fixes:
        remedy = _from(fix)
        changed = remedy.change(scenario.baseline, usual(remedy))
        rated = changed.lr != scenario.baseline.lr
        same_rule = changed.optimizer == scenario.baseline.optimizer
        if not (rated and same_rule and trial.optimizer != scenario.baseline.optimizer):
            yield remedy


def _from(fix: Fix) -> Remedy:
    """A scenario's fix; its doses, where it has any, cut to those around the usual."""
    doses, change = getattr(fix, "doses", None), cast("Any", fix.apply)
    if doses is None:
        return Remedy(
            fix.name,
            fix.family,
            fix.label,
            fix.claim,
            fix.strength.replace("{", "{{").replace("}", "}}"),
            lambda trial, _dose: change(trial),
        )
    values = sorted(doses.values, key=lambda v: abs(v - doses.usual))[:_DOSES]
    return Remedy(
        fix.name,
        fix.family,
        fix.label,
        fix.claim,
        fix.strength,
        change,
        tuple(sorted(values)),
    )


def usual(remedy: Remedy) -> float | None:
    """The middle of its doses, None where it has none."""
    return remedy.doses[len(remedy.doses) // 2] if remedy.doses else None


def _applies(remedy: Remedy, trial: Trial, inputs: int) -> bool:
    """Does it change how these rows are learnt, and can it?"""
    try:
        treated = remedy.change(trial, usual(remedy))
    except (ValueError, TypeError):
        return False  # such as dropout where layers take the place of hidden
    same_rows = (
        treated.data.rows == trial.data.rows
        and treated.data.label_noise == trial.data.label_noise
        and treated.shape == trial.shape
        and treated.engine == trial.engine
        and treated.precision == trial.precision
    )
    only_rate = (
        replace(treated, lr=trial.lr) == trial and remedy.name != "learning_rate"
    )
    return (
        treated != trial
        and same_rows
        and not only_rate
        and _prescribable(treated)
        and _fits(treated.data.transforms, inputs, trial.data.rows)
    )


def _prescribable(trial: Trial) -> bool:
    """Can a prescription say it: one network, a rule of ours, rows as they are?

    They may be weighed by their classes. An explanation changes nothing of what is
    learnt.
    """
    known = {name for name, _ in trial.data.transforms} <= STEPS.keys()
    loaded = not (trial.data.augment or trial.memory.stream)
    around = trial.deployment or trial.wrapping or trial.explanation
    begun = trial.warm_start or trial.gain != 1.0
    weighed = {name for name, _ in trial.data.weighting} <= {"class_weights"}
    plain = weighed and not trial.data.selection and trial.decision == "likeliest"
    single = loaded and plain and trial.members == 1
    return known and single and not (around or begun)


def _fits(steps, inputs, rows):
    for name, argument in steps:
        if name == "pca" and not argument < min(inputs, rows):
            return False
        if name == "polynomial" and comb(inputs + int(argument), inputs) > _MOST_INPUTS:
            return False
    return True
