"""A question and its answer as the page shows them: texts, rows and pictures."""

from pathlib import Path

from . import words
from .also import also
from .doses import doses
from .elsewhere import elsewhere
from .figures import (
    curve_pictures,
    forest_picture,
    plot_pictures,
    survival_picture,
)
from .files import file_name
from .fix_row import disappointment, fix_row
from .machine import noise_told
from .opening import opening
from .pairs import pair_rows
from .ranking import leaders, ranking
from .signs import component
from .verdicts import HELPS, VERDICTS, best_fixes, remedies, tally

_ROLES = {
    "placebo": "A placebo",
    "wrong_mechanism": "A fix for another trouble",
    "positive": "A fix that must work",
}


def question(result, out: Path):
    """All that the template needs of a finite result; writes its PNG pictures."""
    fixes = remedies(result)
    rows = {(fix["role"], fix["name"]): fix_row(fix, result) for fix in result["fixes"]}
    metric = result["metric"]
    return {
        "anchor": file_name(result["scenario"]),
        "result": result,
        "delta": delta_said(result),
        "opening": opening(result),
        "ranking": (ranked := ranking(result)),
        "leaders": leaders(ranked),
        "pairs": pair_rows(result),
        "elsewhere": elsewhere(result),
        "glance": glance(result),
        "components": [
            component(part, _runs(result)) for part in result["symptom"]["components"]
        ],
        "also": also(result),
        "curves": curve_pictures(result, out),
        "doses": doses(result, out),
        "forest": forest_picture(result, out),
        "survival": survival_picture(result, out),
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
        "meanings": list(VERDICTS.values()),
        "noise": noise_told(fixes, result["machine"]),
        "failures": _failures(result["failed_runs"]),
        "plots": plot_pictures(result, out),
        "parts": [question(part, out) for part in result.get("parts") or ()],
    }


def glance(result):
    """The answer in a few words: the symptom, the best fix, how the fixes did."""
    fixes = remedies(result)
    best = [fix_row(fix, result) for fix in best_fixes(result)]
    own = [fix_row(fix, result) for fix in best_fixes(result, "without_new_data")]
    astray = [c for c in result["controls"] if c["behaved"] is False]
    return {
        "fires": result["symptom"]["fires"],
        "crossed": _crossed(result["symptom"]["components"]),
        "best": best,
        "reason": (result["best"] or {}).get("reason") or "",
        "own": own if own != best else [],
        "nobody": _nobody(fixes),
        "tally": tally(fixes),
        "tried": len(fixes),
        "astray": astray and words.joined([control["label"] for control in astray]),
        "controls": sum(c["behaved"] is not None for c in result["controls"]),
    }


def _nobody(fixes):
    """Why no fix is the best, where none is."""
    if any(fix["verdict"] in HELPS for fix in fixes):
        return "What helps fails a guardrail."
    return "No fix was shown to help here."


def delta_said(result):
    """The smallest effect that matters: ×0.95, or 1 point."""
    if result["metric"]["scale"] == "log":
        return words.times(result["delta_ratio"])
    return words.glued(result["delta_label"])


def _runs(result):
    """Runs of the baseline: as many as any fix shares seeds with."""
    return max((fix["n"] for fix in result["fixes"]), default=0)


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
