"""Small troubles whose fixes do nothing, or something whose size is known."""

from dataclasses import replace
from functools import partial
from math import log

from ....scenarios import Dataset, Fix, Scenario, Trial
from ....scenarios.doses import Doses, rates
from ....scenarios.memorising import SYMPTOM, train_longer
from ....scenarios.placebo import PLACEBO
from ....scenarios.scenario import Controls, Metric

_COUNTS = (5, 7, 9)  # doses of the fixes that do nothing: the least, usual and most
_FIRST = 100  # so many restarts lie between two of these fixes

_SMALL = Trial(
    Dataset("moons", rows=64, validation=64, test=256, options=(("noise", 0.3),)),
    hidden=(8,),
    lr=0.01,
    batch_size=16,
    epochs=10,
)
_DATA = {
    "moons": _SMALL.data,
    "spirals": replace(_SMALL.data, name="spirals", options=()),
    "classification": replace(_SMALL.data, name="classification", options=()),
    # Splits of one real data set, whose intervals are corrected for what they share.
    "breast_cancer": replace(
        _SMALL.data,
        name="breast_cancer",
        options=(),
        transforms=(("standardise", 0),),
    ),
}
PROBLEMS = tuple(_DATA)
DRAWN = PROBLEMS[:-1]  # afresh for every seed


def _restarted(fix, trial, dose):
    """The same training by other random numbers: no dose is better than another."""
    return replace(trial, restart=_FIRST * fix + int(dose))


def _longer(trial, times):
    return replace(trial, epochs=int(times * trial.epochs))


def nothing(problem: str) -> Scenario:
    """Three fixes that draw start, row order and noise anew, and do nothing else."""
    return _scenario(
        problem,
        tuple(
            Fix(
                name=f"restart_{count}",
                family="nothing",
                apply=partial(_restarted, place),
                label=f"Other random numbers, {count} doses",
                claim="It does nothing.",
                doses=Doses("restart", tuple(range(1, count + 1)), 1),
            )
            for place, count in enumerate(_COUNTS, 1)
        ),
    )


def something(problem: str) -> Scenario:
    """One fix, longer training, whose true effect many further seeds tell."""
    longer = Fix(
        name="longer",
        family="longer training",
        apply=_longer,
        label="Longer training",
        claim="More steps lead further.",
        doses=Doses("times the epochs", (2, 3, 4, 6, 8), 4, least=2, most=8),
    )
    return _scenario(problem, (longer,))


def _scenario(problem, fixes):
    baseline = replace(_SMALL, data=_DATA[problem])
    return Scenario(
        name=f"error_rates.{problem}",
        title=problem,
        summary="A small network on few rows.",
        baseline=baseline,
        symptom=SYMPTOM,
        controls=Controls(PLACEBO, train_longer(baseline), fixes[0].at(1)),
        metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
        delta=-log(0.95),
        references=(),
        fixes=fixes,
        rates=rates(baseline.lr),
    )
