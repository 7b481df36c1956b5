"""`gradclinic detectors`: how often each rule is right, as plain data for a page."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....scenarios.severities import PATIENTS, SCORED, SEVERITIES, TWINS
from ...errors import ResourceUnavailable
from ...execution.schedule import Resources, complete
from ...execution.store import Store
from ...execution.task import Task
from ...measurement.machine import machine_facts
from ...progress import Report
from ...typed import OUT, typed
from . import PUBLISHED_RULES
from .cases import STRIDE, CausedCase, cases
from .scores import RuleVerdict, fired, reaches, score
from .verdicts import (
    OF_CURVES,
    OF_GROUPS,
    epoch_of_group,
    may_be_shifted,
    may_be_small,
    of_group,
    of_run,
)
from .watched_run import WatchedRun

SCHEMA = 1
STORE = "detectors.sqlite"
OURS = "gradclinic"
TUNING = 3  # master seeds below it set thresholds and strengths
WANTED = 0.95
DEMANDED = "clear"  # where our rules must be right in 95 of 100
_MASTERS, _SEEDS = {True: 1, False: 5}, 5  # of a quick look, and of a whole one


@dataclass(frozen=True)
class DetectorSettings:
    """troubles: names of `SCORED`; master: the first master seed; jobs: processes."""

    troubles: tuple[str, ...] = tuple(SCORED)
    master: int = TUNING
    quick: bool = False
    jobs: int = 1

    @property
    def groups(self) -> list[range]:
        """The seeds of each master seed, which are judged together too."""
        masters = range(self.master, self.master + _MASTERS[self.quick])
        return [range(m * STRIDE, m * STRIDE + _SEEDS) for m in masters]


@dataclass(frozen=True)
class JudgedCase:
    """A case with the verdicts of all rules.

    runs: {(maker, detector): [a verdict a run]}; groups: the same of each group.
    """

    case: CausedCase
    runs: dict[tuple[str, str], list[RuleVerdict]]
    groups: dict[tuple[str, str], list[RuleVerdict]]


def detectors(
    settings: DetectorSettings, out: Path, command: str, progress: Report
) -> dict[str, Any]:
    """Train what OUT lacks, judge it, and return the content of the page."""
    began = time.perf_counter()
    chosen = cases(settings.troubles, tuple(PATIENTS))
    resources = Resources(settings.jobs, 1)
    with Store(out / STORE) as store:
        seeds = [seed for group in settings.groups for seed in group]
        complete([case.task(seeds) for case in chosen], store, resources, progress)
        more = [
            task
            for case in chosen
            for group in settings.groups
            for task in _asked(case, group, _runs(case, group, store)).values()
        ]
        complete(more, store, resources, progress)
        judged = _judged(chosen, settings.groups, store, progress)
    seconds = time.perf_counter() - began
    return content(settings, judged, command) | {"seconds": seconds}


def _asked(
    case: CausedCase, group: range, runs: Sequence[WatchedRun]
) -> dict[str, Task]:
    """{name: task} of what must be trained to compare the runs of a group with.

    Wider networks where theirs may be too small, and new rows where these may differ.
    """
    found = case.wider(group) if may_be_small(runs) else {}
    return found | (case.new_rows(group) if may_be_shifted(runs) else {})


def _runs(case: CausedCase, seeds: range, store: Store) -> list[WatchedRun]:
    return _watched(case.task(seeds), seeds, store)


def _watched(task: Task, seeds: range, store: Store) -> list[WatchedRun]:
    """The stored runs of a task; `ResourceUnavailable` where one failed."""
    stored = task.stored(store)
    for seed in seeds:
        if stored[seed].status == "failed":
            raise ResourceUnavailable(
                f"The training {task.condition.fix} of {task.condition.scenario} with"
                f" seed {seed} failed ({stored[seed].reason}); the same command tries"
                " it again."
            )
    return [WatchedRun(stored[seed]) for seed in seeds]


def _judged(
    chosen: Sequence[CausedCase],
    groups: Sequence[range],
    store: Store,
    progress: Report,
) -> list[JudgedCase]:
    sound = {(c.patient.name, c.twin): c for c in chosen if c.trouble is None}
    found = []
    for done, case in enumerate(chosen):
        progress(done, len(chosen), f"Asking all rules: {case.name}")
        twin = sound[case.patient.name, case.twin]
        runs: dict[tuple[str, str], list[RuleVerdict]] = {}
        together: dict[tuple[str, str], list[RuleVerdict]] = {}
        for group in groups:
            mine, beside = _runs(case, group, store), _runs(twin, group, store)
            said = dict(_each_run(case, mine))
            for key, verdicts in said.items():
                runs.setdefault(key, []).extend(verdicts)
            more = {
                name: _watched(task, group, store)
                for name, task in _asked(case, group, mine).items()
            }
            all_said = _each_group(case, mine, beside, more, said)
            for key, verdict in all_said:
                together.setdefault(key, []).append(verdict)
        found.append(JudgedCase(case, runs, together))
    return found


def _each_run(case, runs) -> Iterator[tuple[tuple[str, str], list[RuleVerdict]]]:
    """((maker, detector), a verdict a run) of the rules that read one run."""
    ours = [of_run(run) for run in runs]
    about = case.trouble, case.severity
    for name in OF_CURVES:
        yield (OURS, name), [RuleVerdict(*about, found.get(name)) for found in ours]
    for rule in PUBLISHED_RULES:
        said = [RuleVerdict(*about, rule.first_epoch(run)) for run in runs]
        yield (rule.maker, rule.detector), said


def _each_group(
    case, runs, twins, more, of_runs
) -> Iterator[tuple[tuple[str, str], RuleVerdict]]:
    """((maker, detector), verdict) of a group: ours, and most runs of the others."""
    about = case.trouble, case.severity
    for name, found in of_group(runs, twins, more, case.patient.overlap).items():
        epoch = epoch_of_group(name, runs) if found.fires else None
        yield (OURS, name), RuleVerdict(*about, epoch)
    for rule in PUBLISHED_RULES:
        key = rule.maker, rule.detector
        yield key, RuleVerdict(*about, _most([j.epoch for j in of_runs[key]]))


def _most(epochs):
    """The epoch by which more than half of the runs are named, None for fewer."""
    known = sorted(epoch for epoch in epochs if epoch is not None)
    half = len(epochs) // 2
    return known[half] if len(known) > half else None


def content(
    settings: DetectorSettings, judged: Sequence[JudgedCase], command: str
) -> dict[str, Any]:
    """The content of the page, see `schemas/detectors.json`."""
    rules = list(_rules(judged))
    names = dict.fromkeys(each.case.patient.name for each in judged)
    return {
        "schema": SCHEMA,
        "kind": "detectors",
        "command": command,
        "machine": machine_facts(),
        "settings": {
            "quick": settings.quick,
            "seed": settings.master,
            "groups": len(settings.groups),
            "seeds": len(settings.groups[0]),
            "tuned": settings.master < TUNING,
        },
        "runs": sum(len(next(iter(each.runs.values()))) for each in judged),
        "patients": [_patient(name) for name in names],
        "twins": [
            {"name": name, "about": TWINS[name].__doc__}
            for name in dict.fromkeys(each.case.twin for each in judged)
        ],
        "troubles": [_trouble(name, judged) for name in settings.troubles],
        "rules": rules,
        "demands": [_demand(rule, rules) for rule in rules if rule["maker"] == OURS],
    }


def _patient(name):
    about = PATIENTS[name]
    return {key: getattr(about, key) for key in ("name", "title", "about", "real")}


def _trouble(name, judged):
    about = SCORED[name]
    keys = ("name", "title", "cause", "unit", "shows", "twin")
    return {
        **{key: getattr(about, key) for key in keys},
        "strengths": dict(zip(SEVERITIES, about.strengths, strict=True)),
        "patients": list(about.patients),
        "may_show": dict(about.may_show),
        "absent": dict(about.absent),
        "named": _named(name, judged),
    }


def _named(trouble, judged):
    """[{detector, severity, fired: [groups, of]}]: what our rules on groups say."""
    return [
        {"detector": detector, "severity": severity, "fired": fired(said, *about)}
        for detector in OF_GROUPS
        for severity in SEVERITIES
        if (about := (trouble, severity))
        and (said := [j for each in judged for j in each.groups[OURS, detector]])
    ]


def _rules(judged) -> Iterator[dict[str, Any]]:
    """Every rule with its scores, ours first, then by trouble."""
    published = {(rule.maker, rule.detector): rule for rule in PUBLISHED_RULES}
    for unit in ("run", "group"):
        for key in getattr(judged[0], f"{unit}s"):
            verdicts = [j for each in judged for j in getattr(each, f"{unit}s")[key]]
            rule = published.get(key)
            yield {
                "maker": key[0],
                "detector": key[1],
                "unit": unit,
                "rule": rule.rule if rule else "",
                "source": rule.source if rule else "",
                "remark": rule.remark if rule else "",
                "scores": [
                    score(key[1], severity, verdicts)
                    for severity in (*SEVERITIES, None)
                ],
            }


def _demand(rule, rules):
    """Is one of our rules right often enough, and better than all others?"""
    mine = at(rule, DEMANDED)
    others = [
        other
        for other in rules
        if other["maker"] != OURS
        and (other["detector"], other["unit"]) == (rule["detector"], rule["unit"])
    ]
    best = max((at(other, DEMANDED)["f1"][0] or 0.0 for other in others), default=None)
    f1 = mine["f1"][0] or 0.0
    return {
        "detector": rule["detector"],
        "unit": rule["unit"],
        "reached": reaches(mine, WANTED),
        "others": len(others),
        "best": best,
        "better": best is None or f1 > best,
        "ties": best is not None and f1 == best,
        "asked": sum(mine["counts"][key] for key in ("tp", "fn")) > 0,
    }


def at(rule: dict[str, Any], severity: str) -> dict[str, Any]:
    """The score of a rule at a severity."""
    return next(s for s in rule["scores"] if s["severity"] == severity)


def command_line(
    settings: DetectorSettings, troubles: Sequence[str], out: Path = OUT
) -> str:
    """The command that does the same again; troubles: as they were typed."""
    options = {"quick": settings.quick, "trouble": tuple(troubles)}
    master = str(settings.master) if settings.master != TUNING else None
    return typed("gradclinic", "detectors", **options, seed=master, out=out)
