"""A diagnosis as plain data: what the page, the JSON file and Python show."""

import time
from datetime import UTC, datetime
from importlib.metadata import version
from math import exp, expm1
from typing import Any

import numpy as np

from ....reports.trial_words import trial_words
from ...measurement.machine import machine_facts
from ..best import best_fixes
from ..curves import learning_curves
from ..evidence import metric_values
from .checks import Finding
from .headline import headline
from .last import Candidate, tested
from .parts import final
from .prescription import prescription
from .reading import Rows
from .settings import DiagnoseSettings
from .study import OVERLAP, Report, Workup, examined_case, mended, one_thread
from .unknowns import unknowns
from .versus import beaten_by_guessing, centre, compared, winner

SCHEMA = 1
_HELPS = ("cured", "relieved")
# What is told of a fix: see the schema.
_FIX = (
    *("name", "label", "family", "claim", "strength", "role", "n", "status", "effect"),
    *("gain", "low", "high", "low90", "high90", "level", "sd_over_delta", "verdict"),
    *("verdict_reason", "symptom_fires", "refuted", "guardrail", "metric", "seconds"),
    *("bytes", "bytes_kind", "test_metric", "note", "cost", "worth", "dose"),
)


def diagnosis(
    rows: Rows, settings: DiagnoseSettings, command: str, progress: Report
) -> dict[str, Any]:
    """The content of a diagnosis, see `schemas/diagnose.json`."""
    case = examined_case(rows, settings, progress)
    fixes = mended(case, progress)
    chosen = _chosen(fixes)
    name = chosen["name"] if chosen else None
    experiment = case.experiment
    versus = compared(case.baselines, experiment.baseline, experiment, OVERLAP)
    mended_runs = experiment.runs["fix", name] if name else experiment.baseline
    versus_mended = compared(case.baselines, mended_runs, experiment, OVERLAP)
    progress(0, 1, "Testing once")
    with one_thread():
        test = _tested(case, chosen, versus_mended)
    trial = experiment.trials[name] if name else experiment.trial
    content = _made(settings, command) | {
        "table": _table(case),
        "verdicts": [_verdict(f) for f in ordered(case.findings)],
        "metric": {"key": case.metric} | vars(experiment.how.scoring.shown),
        **_delta(experiment.how.scoring),
        "network": {
            "trial": _words(case),
            "signs": _signs(case),
            **centre(_judged(case, experiment.baseline), OVERLAP),
        },
        "baselines": versus,
        "against_fixed": [
            {k: row[k] for k in ("name", "label", "verdict")} for row in versus_mended
        ],
        "curves": learning_curves(experiment.evidence(), chosen),
        "fixes": [{key: fix[key] for key in _FIX} for fix in fixes],
        "doses": [
            {"name": n, "doses": [[d, v if np.isfinite(v) else None] for d, v in found]}
            for n, found in experiment.tuned.items()
        ],
        "best": best_fixes(experiment.evidence(), fixes)["fixes"],
        "chosen": name,
        "test": test,
        "unknowns": unknowns(fixes, _context(case, versus)),
        "prescription": prescription(case, trial),
    }
    content["headline"] = headline(content, winner(versus), winner(versus_mended))
    content["seconds"] = time.monotonic() - case.began
    return content


def _made(settings, command):
    """What made the content, and when."""
    return {
        "schema": SCHEMA,
        "kind": "diagnose",
        "command": command,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": version("gradclinic"),
        "machine": machine_facts(),
        "settings": {"seed": settings.seed, "mute": list(settings.mute)},
    }


def ordered(findings: list[Finding]) -> list[Finding]:
    """The findings, the worst first."""
    return sorted(findings, key=lambda finding: (finding.weight, finding.code))


def _delta(scoring):
    """The smallest effect that matters: as a gain, as a ratio, and in words."""
    delta, ratio = scoring.delta, scoring.shown.scale == "log"
    better = -delta if scoring.shown.better == "lower" else delta
    return {
        "delta": delta,
        "delta_ratio": exp(better) if ratio else None,
        "delta_label": f"{100 * abs(expm1(better)):.2g} %"
        if ratio
        else f"{100 * delta:g} points",
    }


def _chosen(fixes):
    """The verdict of the fix to prescribe: of those that help the one worth most."""
    helping = [f for f in fixes if f["verdict"] in _HELPS and not f["guardrail"]]
    return helping[0] if helping else None


def _tested(case: Workup, chosen, versus):
    """The network as asked for, as mended, and the best baseline, on the test rows."""
    experiment = case.experiment
    candidates = [Candidate("The network as it was", experiment.trial)]
    if chosen:
        candidates.append(Candidate(chosen["label"], experiment.trials[chosen["name"]]))
    known = [row for row in versus if row["mean"] is not None]
    if known:
        sign = 1 if experiment.how.scoring.shown.better == "higher" else -1
        best = max(known, key=lambda row: sign * row["mean"])
        candidates.append(Candidate(best["label"], best["name"]))
    parts = (*final(case.table, case.rest, case.groups, case.settings.first_seed),)
    return {
        "rows": len(case.test),
        "results": tested(
            candidates,
            case.table,
            case.names,
            (*parts, case.test),
            experiment.how.scoring,
            case.settings.first_seed,
        ),
    }


def _judged(case, runs):
    return metric_values(runs, list(runs), case.experiment.how.scoring.shown)


def _verdict(finding):
    return {
        "code": finding.code,
        "name": finding.name,
        "title": finding.title,
        "kind": finding.kind,
        "evidence": finding.evidence,
        "next_step": finding.next_step,
        "columns": list(finding.columns[:20]),
        "left_out": list(finding.drops),
        "numbers": {
            k: float(v) if isinstance(v, (int, float, np.number)) else v
            for k, v in finding.numbers.items()
        },
    }


def _table(case: Workup):
    table = case.table
    first = case.experiment.folds[0].data
    return {
        "name": table.name,
        "target": table.target,
        "task": table.task,
        "rows": table.rows,
        "total": table.total,
        "lost": table.lost,
        "columns": len(table.columns),
        "used": len(case.names),
        "inputs": case.inputs,
        "classes": list(table.classes),
        "split_by": "groups"
        if table.groups is not None
        else "time"
        if table.time is not None
        else "copies"
        if case.groups is not None
        else "random",
        "splits": len(case.experiment.folds),
        "parts": {
            "training": len(first.y[0]),
            "validation": len(first.y[1]),
            "judged": len(first.y[2]),
            "test": len(case.test),
        },
    }


def _words(case):
    words = trial_words(case.experiment.trial)
    words.pop("Data", None)
    return words


def _signs(case):
    return [
        {
            "detector": name,
            "fires": found.fires,
            "refuted": found.refuted,
            "components": [vars(c) for c in found.components],
        }
        for name, found in case.detections.items()
    ]


def _context(case: Workup, versus):
    return {
        "rows": case.table.rows,
        "total": case.table.total - case.table.lost,
        "splits": len(case.experiment.folds),
        "overlap": OVERLAP,
        "skipped": case.experiment.skipped,
        "guessing": beaten_by_guessing(versus),
    }
