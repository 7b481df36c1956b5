"""The stored runs of one scenario, by condition and seed."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ...scenarios import Scenario
from ...scenarios.data.sources import SOURCES
from ..execution.record import Run
from ..execution.task import Condition, kind_of

if TYPE_CHECKING:
    from .doses import Dosage
    from .elsewhere import Elsewhere

# A run with one of these says something about training; the others were not measured.
MEASURED = ("ok", "stopped_early", "diverged", "MemoryError", "killed")
BASELINE, PRICE, EXAMINATION = "baseline", "price", "examination"
DOSE, PAIR = "dose", "pair"
CONTROLS = ("placebo", "wrong_mechanism", "positive")


def conditions(scenario):
    """Every trial a scenario needs: baseline, fixes, controls and its sweep."""
    named = [(BASELINE, BASELINE), *((role, f.name) for role, f in scenario.applied)]
    return [
        Condition(scenario.name, fix, role, trial)
        for (role, fix), trial in zip(named, scenario.trials, strict=True)
    ]


@dataclass(frozen=True)
class Evidence:
    """The runs of a scenario: {(role, fix): {seed: run}}, and how many were planned.

    prices: {fix: run} of the conditions that were trained in turns to be timed;
    unpriced: those of such runs that failed.
    examinations: {fix: {seed: run}} of the conditions whose first steps were diagnosed.
    dosages: of the fixes that have doses, and of the baseline's learning rate. pairs:
    {names: {seed: run}} of fixes that were tried together. elsewhere: the best fixes on
    other data sets.
    """

    scenario: Scenario
    runs: dict[tuple[str, str], dict[int, Run]]
    planned: int = 0
    prices: dict[str, Run] = field(default_factory=dict)
    examinations: dict[str, dict[int, Run]] = field(default_factory=dict)
    dosages: "dict[str, Dosage]" = field(default_factory=dict)
    pairs: dict[str, dict[int, Run]] = field(default_factory=dict)
    unpriced: tuple[Run, ...] = ()
    elsewhere: "Elsewhere | None" = None

    def of(self, role, fix):
        """{seed: run} of a condition; empty where nothing was run."""
        return self.runs.get((role, fix), {})

    @property
    def baseline(self):
        return self.of(BASELINE, BASELINE)

    def shared_seeds(self, runs):
        """Seeds on which both these runs and the baseline were measured, in order."""
        return [
            seed
            for seed in sorted(runs)
            if seed in self.baseline
            and runs[seed].status in MEASURED
            and self.baseline[seed].status in MEASURED
        ]

    @property
    def everything(self):
        return [run for by_seed in self.runs.values() for run in by_seed.values()]

    @property
    def trainings(self):
        """How many trainings stand behind the verdicts, those that tuned doses too."""
        tuning = (d.runs.values() for d in self.dosages.values())
        beside = [*self.pairs.values(), *(runs for every in tuning for runs in every)]
        return len(self.everything) + sum(map(len, beside))

    @property
    def censored(self):
        """Can runs miss what is measured? Then no effect of this question is a mean."""
        metric = self.scenario.metric
        seeds = self.shared_seeds(self.baseline)
        values = metric_values(self.baseline, seeds, metric)
        return metric.censored or not np.isfinite(values).all()

    @property
    def timed(self):
        """The runs whose seconds may be compared with each other."""
        beside = self.everything if self.in_turns else []
        return [*self.prices.values(), *beside]

    @property
    def in_turns(self):
        """Did the conditions of a seed run one after the other, with nothing beside?"""
        return kind_of(self.scenario.baseline, self.scenario.metric.name) != "train"

    def test_over_train(self, part):
        """n_test / n_train where seeds are splits of one data set, None if redrawn.

        part: the held-out rows a number was computed on, `test` or `validation`; None
        for one that depends on no rows (a time), whose seeds are independent.
        """
        data = self.scenario.baseline.data
        if part is None or SOURCES[data.name].redrawn:
            return None
        return getattr(data, part) / data.rows


def metric_values(runs, seeds, metric):
    """float[n]: the metric of the runs of these seeds.

    A run that diverged or missed its target is infinitely bad, whatever number it left.
    """
    worst = math.inf if metric.better == "lower" else -math.inf

    def value(run):
        number = run.values.get(metric.name)
        missed = number is None or run.status == "diverged"
        return worst if missed else number

    return np.array([value(runs[seed]) for seed in seeds], dtype=float)


def column(runs, seeds, name):
    """float[n]: a stored value, NaN where it is missing or was not finite."""
    numbers = (runs[seed].values.get(name) for seed in seeds)
    return np.array([math.nan if n is None else n for n in numbers], dtype=float)
