"""A trouble on purpose: what goes wrong, how it shows, and what may help."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from .doses import Doses, told
from .trial import Trial

# What a `Metric` measures: the mean of the shares recognised of each class.
BALANCED_ACCURACY = "balanced_accuracy"


@dataclass(frozen=True)
class Fix:
    """One remedy: a name, a family and a function from trial to trial.

    family: groups fixes on the page, as `regularisation`; `apply` returns a changed
    copy of a trial; with doses it takes one as its second argument. It raises
    ValueError where another fix has replaced what it changes, and else nothing.
    label: its name for readers. treats: names of the scenarios that try it. claim: what
    textbooks say of it, in one sentence a reader of the page understands. strength:
    what it sets, in numbers; `{dose}` stands for the dose.
    """

    name: str
    family: str
    apply: Callable[..., Any]
    label: str
    claim: str
    treats: tuple[str, ...] = ()
    strength: str = ""
    doses: Doses | None = None

    def at(self, dose: float) -> "Fix":
        """This fix at one dose, as one without doses."""
        strength = _of_one(self.strength.format(dose=told(dose)))
        apply = partial(_dosed, self.apply, dose)
        return replace(self, apply=apply, strength=strength, doses=None)

    def treated(self, trial: Trial, dose: float | None = None) -> Trial:
        """The changed trial; dose None: the usual one of a fix that has doses."""
        if self.doses is None:
            return self.apply(trial)
        return self.apply(trial, self.doses.usual if dose is None else dose)


def _of_one(strength):
    """1 residual blocks is 1 residual block."""
    return re.sub(r"(?<![\d.,])1 (?!times)(\w+ )?(\w+[^s\W])s\b", r"1 \1\2", strength)


def _dosed(apply, dose, trial):
    return apply(trial, dose)


@dataclass(frozen=True)
class Metric:
    """What a fix must improve.

    name: a key of a run's values; label, unit: as readers see them, no unit for a plain
    number. scale: `log` compares by ratio, `linear` by difference. better: `lower` or
    `higher`. rows: the part of the data it is computed on, `test` or `validation`, or
    None for a time or a size. censored: a run can miss it, as a target; effects are
    then medians. measures: `BALANCED_ACCURACY`, or empty where no rule asks.
    """

    name: str
    label: str
    unit: str
    scale: str
    better: str
    rows: str | None = "test"
    censored: bool = False
    measures: str = ""

    @property
    def pays_accuracy(self) -> bool:
        """Is plain accuracy what a better metric is paid with, and its loss no harm?

        It is where classes count alike: a rare one is recognised at the others'
        expense.
        """
        return self.measures == BALANCED_ACCURACY


@dataclass(frozen=True)
class Symptom:
    """A measurable rule.

    detector: a key of `bench.statistics.DETECTORS`. rule: what it asks, one sentence.
    look: how to recognise it in one's own training, one sentence.
    """

    detector: str
    rule: str
    look: str


@dataclass(frozen=True)
class Controls:
    """Three trials that test the test: two must not help, one must.

    placebo: the baseline under another name. wrong_mechanism: a fix that acts on
    something else. positive: one that must help, and that could fail.
    """

    placebo: Fix
    wrong_mechanism: Fix
    positive: Fix


@dataclass(frozen=True)
class Scenario:
    """One trouble, its baseline, its remedies and the yardstick they are judged by.

    name: of its page and files; title, summary: for readers. references: works that
    describe the trouble. fixes: those that treat it, which discovery fills in.
    delta: smallest effect of interest on the metric's scale (log ratio or difference).
    sweep: trials the symptom rule compares with (capacity sweep, tuned reference, ...);
    they run on the same seeds and are never judged. seeds: (quick, full) seed counts.
    parts: other questions about the same trouble, each judged by itself on its page.
    rates: learning rates that the baseline is tuned over before fixes are judged; None
    where the rate is the trouble, or is no part of it.
    """

    name: str
    title: str
    summary: str
    baseline: Trial
    symptom: Symptom
    controls: Controls
    metric: Metric
    delta: float
    references: tuple[str, ...]
    fixes: tuple[Fix, ...] = ()
    sweep: tuple[Fix, ...] = ()
    seeds: tuple[int, int] = (10, 10)
    parts: tuple["Scenario", ...] = ()
    rates: Doses | None = None

    @property
    def applied(self) -> list[tuple[str, Fix]]:
        """(role, fix) of all that is made of the baseline, in order.

        role: `fix`, `sweep`, or the name of a control.
        """
        return [
            *(("fix", fix) for fix in self.fixes),
            *vars(self.controls).items(),
            *(("sweep", fix) for fix in self.sweep),
        ]

    @property
    def trials(self) -> list[Trial]:
        """The baseline and all that is made of it, each at its usual dose."""
        return [self.baseline, *(f.treated(self.baseline) for _, f in self.applied)]
