"""A question and its answer as the page shows them: texts, rows and pictures."""

from pathlib import Path

from . import words
from .figures import curve_pictures, forest_picture, line_pictures
from .files import file_name
from .fix_row import disappointment, fix_row
from .verdicts import VERDICTS, best_fix, remedies, tally

_ROLES = {
    "placebo": "A placebo",
    "wrong_mechanism": "A fix for another trouble",
    "positive": "A sure remedy",
}


def question(result, out: Path):
    """All that the template needs of a finite result; writes its PNG pictures."""
    fixes = remedies(result)
    rows = {(fix["role"], fix["name"]): fix_row(fix, result) for fix in result["fixes"]}
    metric, delta = result["metric"], words.glued(result["delta_label"])
    return {
        "anchor": file_name(result["scenario"]),
        "result": result,
        "delta": delta,
        "glance": glance(result),
        "components": [component(part) for part in result["symptom"]["components"]],
        "curves": curve_pictures(result, out),
        "forest": forest_picture(result, out),
        "fixes": [rows["fix", fix["name"]] for fix in fixes],
        "level": _level(fixes),
        "disappointments": [
            (rows["fix", fix["name"]], said)
            for fix in fixes
            if (said := disappointment(fix, metric))
        ],
        "controls": [
            (control, _ROLES[control["role"]], rows[control["role"], control["name"]])
            for control in result["controls"]
        ],
        "meanings": [
            (verdict, verdict.meaning.format(delta=delta))
            for verdict in VERDICTS.values()
        ],
        "failures": _failures(result["failed_runs"]),
        "plots": line_pictures(result, out),
        "parts": [question(part, out) for part in result.get("parts") or ()],
    }


def glance(result):
    """The answer in a few words: the symptom, the best fix, how the fixes did."""
    fixes = remedies(result)
    best = best_fix(result)
    astray = [c for c in result["controls"] if c["behaved"] is False]
    return {
        "fires": result["symptom"]["fires"],
        "crossed": _crossed(result["symptom"]["components"]),
        "best": fix_row(best, result) if best else None,
        "tally": tally(fixes),
        "tried": len(fixes),
        "astray": astray and words.joined([control["label"] for control in astray]),
        "controls": sum(c["behaved"] is not None for c in result["controls"]),
    }


def component(part):
    """A sign of the symptom: its value, interval, threshold and whether it crosses."""
    unit = part["unit"]
    sign = {">=": "≥", "<=": "≤"}.get(part["comparison"], part["comparison"])
    known = part["low"] is not None and part["high"] is not None
    endless = part["value"] is None and part["fires"]
    ends = [words.quantity(part[end], unit) for end in ("low", "high")]
    return {
        "name": part["name"],
        "value": "no finite number" if endless else words.quantity(part["value"], unit),
        "interval": " to ".join(ends) if known else "",
        "threshold": f"{sign} {words.quantity(part['threshold'], unit)}",
        "fires": part["fires"],
    }


def _crossed(components):
    crossed = sum(bool(part["fires"]) for part in components)
    if not components:
        return "No sign was measured"
    return f"{crossed} of {len(components)} measured signs beyond the threshold"


def _failures(failed):
    """[(fix, seeds, reason)]: the seeds that failed for the same reason, together."""
    seeds = {}
    for run in failed:
        seeds.setdefault((run["fix"], run["reason"]), []).append(run["seed"])
    return [
        (fix, words.joined([str(seed) for seed in sorted(found)]), reason)
        for (fix, reason), found in seeds.items()
    ]


def _level(fixes):
    """The confidence level of the intervals as text, empty where none was computed."""
    levels = [fix["level"] for fix in fixes if fix["level"] is not None]
    return words.glued(f"{100 * max(levels):.4g} %") if levels else ""
