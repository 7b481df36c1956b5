"""What became of the best fixes elsewhere, as the content of a page."""

from typing import Any

import numpy as np

from ...scenarios import Trial
from ...scenarios.severities import TWINS
from ..statistics.intervals import finite_or_none
from .elsewhere import JudgedElsewhere
from .evidence import Evidence, metric_values
from .symptom import symptom_content


def elsewhere_content(evidence: Evidence) -> dict[str, Any] | None:
    """The `elsewhere` of a result, see `schemas/scenario.json`; None where none ran."""
    others = evidence.elsewhere
    if others is None or not others.judged:
        return None
    trouble = others.judged[0].case.trouble
    known = {each.case.patient.name: each.case.patient for each in others.judged}
    return {
        "trouble": trouble.name,
        "cause": trouble.cause,
        "unit": trouble.unit,
        "sound": _beside(trouble.twin),
        "patients": [
            {key: getattr(p, key) for key in ("name", "title", "about", "real")}
            for p in known.values()
        ],
        "absent": dict(trouble.absent),
        "untried": [
            {"name": fix.name, "label": fix.label, "reason": reason}
            for fix, reason in others.untried
        ],
        "cases": [_case(each) for each in others.judged],
    }


def _beside(twin: str) -> str:
    """What the sound training is, a phrase; "" where it is that of the data set."""
    said = (TWINS[twin].__doc__ or "").partition("\n")[0].rstrip(".")
    return "" if twin == "plain" else said


def _case(judged: JudgedElsewhere) -> dict[str, Any]:
    case, evidence = judged.case, judged.evidence
    values = metric_values(
        evidence.baseline,
        evidence.shared_seeds(evidence.baseline),
        evidence.scenario.metric,
    )
    return {
        "scenario": evidence.scenario.name,
        "patient": case.patient.name,
        "severity": case.severity,
        "strength": case.strength,
        "n": len(values),
        "rows": _rows(evidence.scenario.baseline),
        "baseline": finite_or_none(float(np.median(values))) if len(values) else None,
        "symptom": symptom_content(evidence),
        "unfit": case.unfit,
        "fixes": [_without(fix, "undecided") for fix in judged.fixes],
        "trainings": evidence.trainings,
    }


def _rows(trial: Trial) -> dict[str, int]:
    return {part: getattr(trial.data, part) for part in ("rows", "validation", "test")}


def _without(content, key):
    return {k: v for k, v in content.items() if k != key}
