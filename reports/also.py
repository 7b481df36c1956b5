"""What other detectors say of a scenario's baseline and of its positive control."""

from . import words
from .signs import component

_NAMES = {"dead_relu": "dead ReLU", "ill_conditioning": "ill-conditioning"}
_ROLES = ("baseline", "positive")


def also(result):
    """Of a result: a row for each other detector, and what is seen; None where none is.

    rows: [(name, [finding of the baseline, of the control])], either None where nothing
    was measured.
    """
    told = result.get("also")  # earlier versions looked for nothing else
    if not told or not told["findings"]:
        return None
    findings = told["findings"]
    names = dict.fromkeys(finding["detector"] for finding in findings)
    controls = [f["label"] for f in findings if f["role"] == "positive"]
    seen = [f for f in findings if f["role"] == "baseline" and f["fires"]]
    return {
        "steps": words.count(told["steps"], "step"),
        "control": controls[0] if controls else None,
        "seen": seen and words.joined([name_of(f["detector"]) for f in seen]),
        "rows": [
            (
                name_of(name),
                [_of(findings, name, role) for role in ("baseline", "positive")],
            )
            for name in names
        ],
    }


def name_of(detector):
    """A detector as it is written within a sentence."""
    return _NAMES.get(detector, detector.replace("_", " "))


def _of(findings, detector, role):
    for finding in findings:
        if (finding["detector"], finding["role"]) == (detector, role):
            return {
                "fires": finding["fires"],
                "refuted": finding["refuted"],
                "signs": [component(part, 0) for part in finding["components"]],
            }
    return None
