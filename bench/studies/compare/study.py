"""The whole comparison of folders, as plain data: each with the first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from ...statistics.changes import holm_levels
from ...statistics.comparison.holm import holm
from .circumstances import differing, settings
from .folder import ComparedFolder, whole
from .places import places_change
from .questions import in_order, judge_change, question_change

SCHEMA = 1


def compared(folders: Sequence[ComparedFolder], command: str) -> dict[str, Any]:
    """The content of a comparison, see `schemas/compare.json`.

    folders: at least two; each is compared with the first. Changes of effects are
    corrected by Holm for all of them together.
    """
    first, *rest = folders
    waiting: list[tuple] = []
    pairs = [_pair(first, folder, waiting) for folder in rest]
    with whole("A result is damaged"):
        _judge(waiting)
    for pair in pairs:
        for question in pair["questions"]:
            question["fixes"] = in_order(question["fixes"])
            question["changed"] = _changed(question)
        pair["changed"] = any(q["changed"] for q in pair["questions"]) or any(
            row["changed"]
            for study in pair["places"]
            for table in study["tables"]
            for row in table["rows"]
        )
    return {
        "schema": SCHEMA,
        "kind": "compare",
        "command": command,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": version("gradclinic"),
        "comparisons": len(waiting),
        "changed": any(pair["changed"] for pair in pairs),
        "pairs": pairs,
    }


def _judge(waiting: list[tuple]) -> None:
    """Judge every change that waits, all of them together."""
    found = [estimate.p() for _, estimate, _ in waiting]
    levels, adjusted = holm_levels(found), holm(found)
    for (row, estimate, question), level, p in zip(
        waiting, levels, adjusted.tolist(), strict=True
    ):
        judge_change(row, estimate, level, question)
        row["p"] = p


def _pair(before: ComparedFolder, after: ComparedFolder, waiting) -> dict[str, Any]:
    """Two folders; fixes whose change is still to be judged go to `waiting`."""
    mine = before.questions | before.studies
    theirs = after.questions | after.studies
    both = [key for key in mine if key in theirs]
    questions = []
    for key in (key for key in both if key in before.questions):
        with whole(f"{before.name} or {after.name}, {_name(key)}, is damaged"):
            content, rows = question_change(mine[key], theirs[key])
        questions.append(content)
        waiting += [(row, estimate, content) for row, estimate in rows]
    return {
        "before": before.name,
        "after": after.name,
        "circumstances": _circumstances(mine, theirs, both),
        "questions": questions,
        "places": [
            _places(before, after, key) for key in both if key in before.studies
        ],
        "only_before": [_name(key) for key in mine if key not in theirs],
        "only_after": [_name(key) for key in theirs if key not in mine],
    }


def _places(before, after, key):
    with whole(f"{before.name} or {after.name}, {key}, is damaged"):
        return places_change(before.studies[key], after.studies[key])


def _circumstances(mine, theirs, both):
    """[{what, before, after}] that differ, each once, over all that both hold."""
    found = {}
    for key in both:
        with whole(f"{_name(key)} is damaged"):
            rows = differing(settings(mine[key]), settings(theirs[key]))
        for row in rows:
            found.setdefault(tuple(row.values()), row)
    return list(found.values())


def _name(key):
    return key.removeprefix("scenario ")


def _changed(question):
    """Is there a fix that changed, a symptom, or a trouble that came or went?"""
    symptom, troubles = question["symptom"], question["troubles"]
    if not question["comparable"]:
        return False
    moved = troubles and (troubles["gone"] or troubles["new"])
    return bool(
        any(fix["changed"] for fix in question["fixes"])
        or (symptom and symptom["changed"])
        or moved
    )
