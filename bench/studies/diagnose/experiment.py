"""The network, its fixes and their runs on the same folds, judged as a suite's are."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ....scenarios import Controls, Fix, Scenario, Symptom, Trial
from ....scenarios.placebo import PLACEBO
from ....scenarios.scenario import BALANCED_ACCURACY
from ...execution.record import Run
from ..evidence import BASELINE, MEASURED, Evidence, column
from ..judgement import judge_one
from .folds import Fold
from .for_tables import Remedy
from .training import Conditions, runs_of

# A fix that costs more multiply-adds than this many baselines is not tried.
DEAREST = 12.0


@dataclass
class Experiment:
    """What was run so far. trial: the network asked for; folds: those that judge.

    tuning: folds with seeds of their own, on which a dose is chosen. deadline: a
    `time.monotonic` instant or None. trials: {fix: its trial}; runs: as of `Evidence`.
    skipped: {label: reason} of what was not run. detector: of the trouble that fixes
    may cure; None where no detector names one, and nothing can then be cured.
    """

    trial: Trial
    folds: list[Fold]
    tuning: list[Fold]
    how: Conditions
    deadline: float | None = None
    detector: str | None = None
    fixes: list[Fix] = field(default_factory=list)
    trials: dict[str, Trial] = field(default_factory=dict)
    doses: dict[str, float] = field(default_factory=dict)
    tuned: dict[str, list] = field(default_factory=dict)
    runs: dict[tuple[str, str], dict[int, Run]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def expired(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def run(self, name: str, role: str, trial: Trial, folds=None) -> dict[int, Run]:
        """Train a trial on the judging folds, or on some of them; kept by its name."""
        chosen = self.folds if folds is None else folds
        self.runs[role, name] = runs_of(name, role, trial, chosen, self.how)
        return self.runs[role, name]

    @property
    def baseline(self) -> dict[int, Run]:
        return self.runs[BASELINE, BASELINE]

    def try_remedy(self, remedy: Remedy) -> None:
        """Choose its dose on the tuning folds, then train it on the judging ones."""
        if self.expired:
            self.skipped[remedy.label] = "the time given by --budget was over"
            return
        dose = self._chosen(remedy)
        trial = remedy.change(self.trial, dose)
        fix = remedy.fix(self.trial, dose)
        if dose is not None:
            self.doses[remedy.name] = dose
        self._try(fix, trial)

    def _try(self, fix: Fix, trial: Trial) -> None:
        self.fixes.append(fix)
        self.trials[fix.name] = trial
        self.run(fix.name, "fix", trial)

    def try_together(self, first: Fix, second: Remedy) -> Fix | None:
        """A fix and another on top; None where that changes nothing or cannot be."""
        start = self.trials[first.name]
        try:
            both = second.change(start, self.doses.get(second.name))
        except (ValueError, TypeError):
            return None
        if both in (start, self.trials[second.name]) or self.expired:
            return None
        other = next(fix for fix in self.fixes if fix.name == second.name)
        fix = replace(
            first,
            name=f"{first.name}+{second.name}",
            family="together",
            label=f"{first.label} and {_lowered(second.label)}",
            claim="What helps apart may help more together.",
            strength=f"{first.strength}; {other.strength}",
        )
        self._try(fix, both)
        return fix

    def _chosen(self, remedy: Remedy) -> float | None:
        """The dose with the lowest validation loss on the tuning folds.

        Where balanced accuracy judges, the one with the highest of validation rows: the
        loss rewards whoever gives up the rare class.
        """
        if not remedy.doses:
            return None
        found = []
        for dose in remedy.doses:
            trial = remedy.change(self.trial, dose)
            runs = runs_of(remedy.name, "tuning", trial, self.tuning, self.how)
            found.append((dose, _loss(runs, self._balanced)))
        self.tuned[remedy.name] = found
        return min(found, key=lambda pair: pair[1])[0]

    @property
    def _balanced(self) -> bool:
        return self.how.scoring.shown.measures == BALANCED_ACCURACY

    def evidence(self) -> Evidence:
        """All runs as those of a scenario whose baseline is the network asked for."""
        scoring = self.how.scoring
        scenario = Scenario(
            name="diagnose",
            title="",
            summary="",
            baseline=self.trial,
            symptom=Symptom(self.detector or "overfitting", "", ""),
            controls=Controls(PLACEBO, PLACEBO, PLACEBO),
            metric=scoring.shown,
            delta=scoring.delta,
            references=(),
            fixes=tuple(self.fixes),
        )
        return Evidence(scenario, self.runs)

    def judged(self) -> list[dict]:
        """The verdict dict of every fix, as a suite's, with `cost` and `worth`.

        cost: multiply-adds as a multiple of the baseline's; worth: the lower bound of
        the gain over the cost, by which they are ranked; None where there is no bound.
        """
        evidence, count = self.evidence(), max(1, len(self.fixes))
        found: list[dict[str, Any]] = [
            judge_one(evidence, "fix", fix, count) for fix in self.fixes
        ]
        base = _median(self.baseline, "work")
        for verdict in found:
            work = _median(self.runs["fix", verdict["name"]], "work")
            cost = work / base if base and np.isfinite(work) else None
            low = verdict["low"]
            worth = None if low is None else low / max(cost or 1.0, 0.25)
            if low is not None and low <= 0:
                worth = low
            if self.detector is None and verdict["verdict"] == "cured":
                verdict["verdict"] = "relieved"
            verdict |= {
                "cost": cost,
                "worth": worth,
                "dose": self.doses.get(verdict["name"]),
                "seconds": {
                    "median": _median_or_none(self.runs["fix", verdict["name"]]),
                    "ratio": None,
                    "interval": None,
                },
            }
        return sorted(found, key=_place)


def _lowered(label: str) -> str:
    return label if label[:2].isupper() else f"{label[0].lower()}{label[1:]}"


def _place(verdict):
    worth = verdict["worth"]
    helps = verdict["verdict"] in ("cured", "relieved")
    return not helps, -np.inf if worth is None else -worth, verdict["name"]


def _loss(runs: dict[int, Run], balanced: bool) -> float:
    """The mean validation loss, infinite where a run has none or diverged.

    balanced: 1 - balanced accuracy in its place.
    """
    name = "val_balanced" if balanced else "val_loss"
    values = [
        r.values.get(name) if r.status in MEASURED else None for r in runs.values()
    ]
    if any(r.status == "diverged" for r in runs.values()) or None in values:
        return np.inf
    mean = float(np.mean(np.array(values, dtype=float)))
    mean = 1.0 - mean if balanced else mean
    return mean if np.isfinite(mean) else np.inf


def _median(runs: dict[int, Run], name: str) -> float:
    known = column(runs, [s for s in runs if name in runs[s].values], name)
    return float(np.median(known)) if known.size else np.nan


def _median_or_none(runs: dict[int, Run]) -> float | None:
    known = [run.seconds for run in runs.values() if run.seconds is not None]
    return float(np.median(known)) if known else None
