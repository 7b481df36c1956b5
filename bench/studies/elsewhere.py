"""The best fixes again: at three strengths of their trouble, on other data sets.

Each is tuned anew: another data set asks for another dose. Beside them stands the
learning rate alone, tuned as they are: who does nothing else would do that. Where no
rate can help, as with explanations and byte budgets, it is left out. Trainings under a
byte budget run one after the other: fewer fixes are tried on fewer seeds, each at its
usual dose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...scenarios import Fix, Trial
from ...scenarios.doses import Doses
from ...scenarios.severities import (
    HEALTHY,
    PATIENTS,
    SEVERITIES,
    TROUBLES,
    TWINS,
    InjectedTrouble,
    Patient,
)
from .best import NEW_DATA, surest
from .doses import at_rate
from .evidence import Evidence
from .fitting import fitting
from .judgement import judge
from .symptom import NEW_ROWS, TUNED, is_reference

if TYPE_CHECKING:
    from .question import Question

# So many of the best fixes that need no new data are tried elsewhere.
BEST = 3
# Seeds that judge, and seeds that tune the rate.
SEEDS, TUNING = 8, 2
# The same of trainings under a byte budget, whose usual doses are judged.
GUARDED_BEST, GUARDED_SEEDS = 2, 4
# What the rate is multiplied by.
_FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class OtherCase:
    """A data set with the trouble of a question, or a sound training beside it.

    severity: `healthy` or one of `SEVERITIES`; strength: the cause in the unit of the
    trouble, None of what is healthy. unfit: {fix: why it cannot be tried here}.
    """

    trouble: InjectedTrouble
    patient: Patient
    severity: str
    strength: float | None
    question: "Question"
    unfit: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedElsewhere:
    """A case with its runs, and its fixes as `judgement.judge` judges them."""

    case: OtherCase
    evidence: Evidence
    fixes: list[dict[str, Any]]


@dataclass(frozen=True)
class Elsewhere:
    """The other cases of a question, and what became of them once they were run.

    untried: (fix, reason) of better fixes that suit none of the cases.
    """

    cases: tuple[OtherCase, ...] = ()
    untried: tuple[tuple[Fix, str], ...] = ()
    judged: tuple[JudgedElsewhere, ...] = ()

    @property
    def questions(self) -> "list[Question]":
        return [case.question for case in self.cases]

    def answered(self, questions: "Sequence[Question]", store) -> "Elsewhere":
        """The same with what is stored of its cases, as these questions ask."""
        pairs = zip(self.cases, questions, strict=True)
        cases = tuple(replace(case, question=asked) for case, asked in pairs)
        judged = tuple(_judged(case, case.question.evidence(store)) for case in cases)
        return replace(self, cases=cases, judged=judged)


def _judged(case, evidence):
    fixes = [fix for fix in judge(evidence, looks=1) if fix["role"] == "fix"]
    return JudgedElsewhere(case, evidence, fixes)


def elsewhere(question: "Question", judged: Sequence[dict]) -> Elsewhere:
    """Where else the best fixes of a question are tried; nowhere in a quick look.

    question: with all doses of its fixes; judged: verdict dicts of `judgement.judge`.
    """
    if not question.tuning:
        return Elsewhere()
    plain = [
        case
        for trouble in TROUBLES.values()
        if trouble.treated_as(question.scenario.name)
        for name in trouble.patients
        for case in _of_patient(question, trouble, PATIENTS[name])
    ]
    if not plain:
        return Elsewhere()
    return Elsewhere(*_with_fixes(question, judged, plain))


def _of_patient(question, trouble, patient) -> Iterator[OtherCase]:
    sound = TWINS[trouble.twin](patient.trial)
    about = trouble, patient
    yield OtherCase(*about, HEALTHY, None, _asked(question, patient, sound, sound))
    for severity, strength in zip(SEVERITIES, trouble.strengths, strict=True):
        trial = _enough_to_train(trouble.caused(sound, strength), patient)
        asked = _asked(question, patient, trial, sound, severity)
        alone = (_rate(trial.lr),) if _may_be_rate(trial) else ()
        asked = replace(asked, scenario=replace(asked.scenario, fixes=alone))
        yield OtherCase(*about, severity, strength, asked)


def _guarded(trial: Trial) -> bool:
    return trial.memory.budget is not None


def _may_be_rate(trial: Trial) -> bool:
    """Can another learning rate change what is judged?"""
    return trial.explanation is None and not _guarded(trial)


def _enough_to_train(trial: Trial, patient: Patient) -> Trial:
    """With no more rows held out than trained on, where seeds are splits.

    Else the interval of splits (Nadeau & Bengio 2003) says nothing.
    """
    data = trial.data
    if not patient.real:
        return trial
    kept = {p: min(getattr(data, p), data.rows) for p in ("validation", "test")}
    return replace(trial, data=replace(data, **kept))


def _asked(question, patient, trial, sound, severity=HEALTHY):
    """The `Question` of a case, without fixes."""
    scenario = replace(
        question.scenario,
        name=f"{question.scenario.name}@{patient.name}.{severity}",
        baseline=trial,
        fixes=(),
        sweep=tuple(_beside(question.scenario, trial, sound)),
        parts=(),
        rates=None,
    )
    guarded = _guarded(trial)
    return replace(
        question,
        scenario=scenario,
        seeds=question.seeds[: GUARDED_SEEDS if guarded else SEEDS],
        more_seeds=(),
        tuning=() if guarded else question.tuning[:TUNING],
        dosages={},
        controlled=False,
    )


def _beside(scenario, trial, sound) -> Iterator[Fix]:
    """What the rule compares with, of what suits every data set.

    The way to the target is that of the sound twin, whose new rows are like its own.
    """
    for fix in scenario.sweep:
        own = fix.name == NEW_ROWS and trial == sound
        if fix.name == TUNED or own:
            yield replace(fix, apply=partial(_instead, sound=sound))
        elif is_reference(fix.name):
            yield fix


def _instead(_trial, sound):
    return sound


def _with_fixes(question, judged, cases):
    """(the cases with the best fixes, ((fix, why not), ...) of what suits none)."""
    known = {fix.name: fix for fix in question.scenario.fixes}
    most = GUARDED_BEST if _guarded(question.scenario.baseline) else BEST
    untried, tried = [], 0
    for fix in (known[name] for name in surest(judged)):
        if fix.family == NEW_DATA or tried == most:
            continue
        treated = [_with(case, fix) for case in cases]
        if all(fix.name in case.unfit for case in treated if case.severity != HEALTHY):
            untried.append((fix, treated[-1].unfit[fix.name]))
        else:
            cases, tried = treated, tried + 1
    return tuple(cases), tuple(untried)


def _with(case, fix):
    """With one more fix, where it suits; a sound training is not treated."""
    if case.severity == HEALTHY:
        return case
    asked = case.question
    try:
        suited = fitting(fix, asked.scenario.baseline, asked.seeds[0])
    except ValueError as error:
        return replace(case, unfit=case.unfit | {fix.name: str(error)})
    scenario = replace(asked.scenario, fixes=(*asked.scenario.fixes, suited))
    return replace(case, question=replace(asked, scenario=scenario))


def _rate(usual: float) -> Fix:
    values = tuple(float(f"{usual * factor:.2g}") for factor in _FACTORS)
    return Fix(
        name="rate_alone",
        family="optimization",
        apply=at_rate,
        label="Learning rate alone",
        claim="Most troubles are less at another rate.",
        strength="learning rate {dose}",
        doses=Doses("learning rate", values, values[2]),
    )
