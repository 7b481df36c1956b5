"""The troubles of logged curves, as plain data for a page."""

from dataclasses import asdict
from typing import Any

from ...statistics.detectors import Detection
from ...statistics.logged import LoggedCurves, judged
from .evidence import evidence
from .logged import Logged
from .plots import plots
from .troubles import TROUBLES, needs

SCHEMA = 1
FOUND, NOT_FOUND, UNKNOWN = "found", "not found", "cannot tell"
HEALTHY = "healthy"
_AFTER = "Not judged: what was found comes first."
_NOT_FOUND = "The curves show none."
_UNKNOWN = "The curves leave it open."


def curves_content(log: Logged, name: str, command: str) -> dict[str, Any]:
    """The content of a page, schema 1, about a log. name: of the file or training."""
    found = judged(log.curves)
    troubles = [_trouble(key, found.get(key), log.curves) for key in TROUBLES]
    named = [t for t in troubles if t["verdict"] == FOUND]
    return {
        "schema": SCHEMA,
        "kind": "curves",
        "command": command,
        "source": {
            "name": name,
            "layout": log.layout,
            "unit": log.curves.unit,
            "curves": [
                {
                    "curve": curve,
                    "column": column,
                    "evaluations": log.evaluations[curve],
                }
                for curve, column in log.columns.items()
                if curve in log.evaluations
            ],
            "notes": list(log.notes),
        },
        "verdict": named[0]["trouble"] if named else HEALTHY,
        "sentence": _sentence(named, troubles),
        "troubles": troubles,
        "needs": list(needs(log.curves)),
        "plots": list(plots(log.curves)),
    }


def _trouble(key: str, found: Detection | None, curves: LoggedCurves) -> dict[str, Any]:
    words = TROUBLES[key]
    verdict, said, step = UNKNOWN, _AFTER if found is None else _UNKNOWN, ""
    if found is not None and found.fires:
        verdict, step = FOUND, words.next_step
        said = f"{words.found} {evidence(key, found, curves)}"
    elif found is not None and found.refuted:
        verdict, said = NOT_FOUND, _NOT_FOUND
    signs = [] if found is None else [asdict(sign) for sign in found.components]
    return {
        "trouble": key,
        "title": words.title,
        "verdict": verdict,
        "sentence": said,
        "next_step": step,
        "signs": signs,
    }


def _sentence(named: list[dict], troubles: list[dict]) -> str:
    """The verdict in a sentence or two."""
    if named:
        more = "".join(f" Also: {t['title'].lower()}." for t in named[1:])
        return f"{named[0]['sentence']}{more}"
    opened = [t["title"].lower() for t in troubles if t["verdict"] == UNKNOWN]
    if not opened:
        return "The curves show none of the troubles that curves can show."
    return f"The curves show no trouble, and leave open: {'; '.join(opened)}."
