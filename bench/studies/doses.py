"""Which dose of a fix is judged: chosen by validation on seeds that judge nothing.

First the learning rate of each baseline is tuned, with as many trials as a fix has
doses, so that no fix wins by mending a rate; then every dose of every fix is tried on
that baseline. Where the best lies at an end of its range, one step further is tried.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ...scenarios import Metric, Trial
from ...scenarios.doses import Doses
from ..execution.record import Run
from ..execution.task import Condition, Task
from ..statistics.intervals import finite_or_none, interval
from .evidence import DOSE, column, metric_values

if TYPE_CHECKING:
    from .question import Question

# The name of a baseline's learning rate among the doses of the fixes.
RATE = "tuned_rate"
# What a smaller file may cost on validation rows: half of what is harm on test rows.
HARMLESS = 0.005
# The baseline on the seeds that tune, with which the networks of files are compared.
_UNDOSED = "undosed"


@dataclass(frozen=True)
class Dosage:
    """What became of the doses of one fix, or of the baseline's rate.

    runs: {dose: {seed: run}}, in order of the doses; chosen: the dose that is judged;
    tuned: did these runs choose it? metric: what they were compared by; guarded: among
    those that keep the accuracy, see `score`.
    """

    doses: Doses
    runs: dict[float, dict[int, Run]]
    metric: Metric
    chosen: float
    tuned: bool
    guarded: bool = False

    @property
    def edge(self):
        """Is the chosen dose the last that was tried on its side?"""
        return self.tuned and self.chosen in (min(self.runs), max(self.runs))


@dataclass(frozen=True)
class Range:
    """Doses to try on a question: `apply(trial, dose)` is the changed baseline."""

    question: "Question"
    fix: str
    apply: Callable[[Trial, float], Trial]
    doses: Doses

    def tasks(self, doses):
        """The trainings at these doses, on the seeds that tune."""
        scenario, seeds = self.question.scenario, self.question.tuning
        trials = (self.apply(scenario.baseline, dose) for dose in doses)
        guarded = scenario.baseline.memory.budget is not None
        kind = "guard" if guarded else "train"
        return [
            Task(Condition(scenario.name, self.fix, DOSE, trial), seeds, kind)
            for trial in trials
        ]

    @property
    def undosed(self):
        """[the baseline's trainings] where what is judged is the size of a file."""
        scenario = self.question.scenario
        if scenario.baseline.deployment is None or scenario.metric.rows is not None:
            return []
        condition = Condition(scenario.name, _UNDOSED, DOSE, scenario.baseline)
        return [Task(condition, self.question.tuning, "train")]

    def found(self, doses, store):
        """The `Dosage` by what is stored of these doses.

        Untuned where one of them lacks a run, as where time ran out.
        """
        runs = {
            dose: task.stored(store)
            for dose, task in zip(doses, self.tasks(doses), strict=True)
        }
        metric = validation_metric(self.question.scenario.metric)
        seeds = self.question.tuning
        whole = bool(seeds) and all(len(done) == len(seeds) for done in runs.values())
        chosen = self.doses.usual
        if whole:
            plain = {}
            for task in self.undosed:
                plain |= task.stored(store)
            chosen = max(runs, key=lambda dose: score(runs[dose], metric, plain))
        guarded = bool(self.undosed)
        return Dosage(self.doses, runs, metric, chosen, whole, guarded)


def validation_metric(metric):
    """The same of the validation rows: the test rows choose nothing."""
    if metric.rows != "test":
        return metric
    name = metric.name.replace("test_", "val_")
    label = metric.label.replace("test ", "validation ")
    return replace(metric, name=name, label=label, rows="validation")


def score(runs, metric, plain=None):
    """(minus the runs that missed or diverged, harm, centre), larger is better.

    The centre is the mean over the seeds, and the median where some are infinite. harm:
    minus what validation accuracy, or R^2, loses beyond `HARMLESS` beside plain, the
    runs of the baseline: the smallest file is no good dose where its network is not.
    0 without any.
    """
    values = metric_values(runs, sorted(runs), metric)
    values = np.log(values) if metric.scale == "log" else values
    values = -values if metric.better == "lower" else values
    missed = int(np.sum(~np.isfinite(values)))
    return (
        -missed,
        _harm(runs, plain or {}),
        float(np.median(values) if missed else values.mean()),
    )


def _harm(runs, plain):
    """See `score`: the mean over the seeds that both have."""
    seeds = sorted({*runs} & {*plain})
    before, after = (column(side, seeds, "val_metric") for side in (plain, runs))
    lost = before - after
    lost = lost[np.isfinite(lost)]
    return -max(0.0, float(lost.mean()) - HARMLESS) if lost.size else 0.0


def dosed(questions, store, run):
    """[(question, {fix: Dosage})]: with one rate and one dose of each fix.

    A question without tuning seeds gets the usual doses and keeps its rate. run(tasks):
    run what `store` lacks, and put it there.
    """
    run = partial(_tried, store=store, run=run)
    rates = run([_rates(question) for question in questions])
    questions = [_at_rate(*pair) for pair in zip(questions, rates, strict=True)]
    fixes = run([_fixes(question) for question in questions])
    return [
        (_at_doses(question, found), rate | found)
        for question, rate, found in zip(questions, rates, fixes, strict=True)
    ]


def _tried(ranges, store, run):
    """{fix: Dosage} of each question: all doses, then those beyond the ends."""
    every = [each for mine in ranges for each in mine]
    doses = {id(each): each.doses.values for each in every}
    for _ in range(2):
        tasks = [task for each in every for task in each.tasks(doses[id(each)])]
        tasks += dict.fromkeys(task for each in every for task in each.undosed)
        if tasks:
            run(tasks)
        for each in every:
            first = each.found(each.doses.values, store)
            further = each.doses.beyond(first.chosen) if first.tuned else None
            if further is not None:
                doses[id(each)] = tuple(sorted((*each.doses.values, further)))
    return [
        {each.fix: each.found(doses[id(each)], store) for each in mine}
        for mine in ranges
    ]


def dose_tasks(question):
    """The trainings that tune a question, those at its baseline's usual rate."""
    ranges = (*_rates(question), *_fixes(question))
    return [
        *(task for each in ranges for task in each.tasks(each.doses.values)),
        *dict.fromkeys(task for each in ranges for task in each.undosed),
    ]


def _rates(question):
    """[Range] of the baseline's learning rate, none where it is not tuned."""
    rates = question.scenario.rates
    return [Range(question, RATE, at_rate, rates)] if rates and question.tuning else []


def at_rate(trial: Trial, rate: float) -> Trial:
    """The trial at another learning rate."""
    return replace(trial, lr=rate)


def _fixes(question):
    """[Range] of every fix that has doses; none without seeds to tune on."""
    if not question.tuning:
        return []
    return [
        Range(question, fix.name, fix.apply, fix.doses)
        for fix in question.scenario.fixes
        if fix.doses
    ]


def _at_rate(question, found):
    if RATE not in found:
        return question
    baseline = at_rate(question.scenario.baseline, found[RATE].chosen)
    return replace(question, scenario=replace(question.scenario, baseline=baseline))


def _at_doses(question, found):
    """Every fix at the dose that is judged: what was chosen, or else the usual one."""
    fixes = tuple(
        fix.at(found[fix.name].chosen if fix.name in found else fix.doses.usual)
        if fix.doses
        else fix
        for fix in question.scenario.fixes
    )
    return replace(question, scenario=replace(question.scenario, fixes=fixes))


def dosage_content(dosage):
    """The dict of a `Dosage` in a result, None of none; see `schemas/scenario.json`.

    curve: [dose, value, low, high] each: what the metric centres on over the seeds
    that tuned, with its 95 % interval; null is infinite.
    """
    if dosage is None:
        return None
    return {
        "name": dosage.doses.name,
        "scale": dosage.doses.scale,
        "usual": dosage.doses.usual,
        "chosen": dosage.chosen,
        "tuned": dosage.tuned,
        "edge": dosage.edge,
        "metric": dosage.metric.label,
        "seeds": max((len(runs) for runs in dosage.runs.values()), default=0),
        "curve": [
            [dose, *_centre(runs, dosage.metric)] for dose, runs in dosage.runs.items()
        ],
        **({"harmless": HARMLESS} if dosage.guarded else {}),
    }


def _centre(runs, metric):
    values = metric_values(runs, sorted(runs), metric)
    if metric.scale != "log":
        return [finite_or_none(end) for end in interval(values)]
    return [finite_or_none(float(np.exp(end))) for end in interval(np.log(values))]
