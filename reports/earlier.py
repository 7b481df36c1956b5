"""Results that an earlier version stored, in the form of today's.

Then `effect` of a fix was its gain alone, and the best fix one name.
"""

from math import exp

_VERDICTS = {"no effect": "too small to matter"}


def modern(result):
    """The result and its parts in today's form; one that has it is returned as it is.

    The seeds of earlier results were not stored with them, and no dot is drawn.
    """
    best = result["best"]
    if isinstance(best, dict):
        return result
    names = [best] if best else []
    metric = result["metric"]
    lower, log = metric["better"] == "lower", metric["scale"] == "log"
    ratio = exp(-result["delta"] if lower else result["delta"]) if log else None
    return result | {
        "best": {"fixes": names, "reason": "", "without_new_data": names},
        "delta_ratio": ratio,
        "survival": None,
        "fixes": [_fix(fix, metric) for fix in result["fixes"]],
        "parts": [modern(part) for part in result.get("parts") or ()],
    }


def _fix(fix, metric):
    log = metric["scale"] == "log"
    means = fix["metric"]
    infinite = fix["effect"] is None and fix["verdict"] != "not measurable"
    medians = {"median": means["mean"], "baseline_median": means["baseline_mean"]}
    effect = None
    if infinite or fix["effect"] is not None:
        kind = "ratio" if log else "difference"
        ends = [_changed(fix[end], metric) for end in ("effect", "high", "low")]
        ends = ends if metric["better"] == "lower" else [ends[0], ends[2], ends[1]]
        effect = {"kind": kind, kind: ends, "pairs": []}
    return fix | {
        "gain": fix["effect"],
        "effect": effect,
        "verdict": _VERDICTS.get(fix["verdict"], fix["verdict"]),
        "refuted": None if fix["symptom_fires"] is None else not fix["symptom_fires"],
        "strength": "",
        "guardrail": None,
        "metric": means | medians,
    }


def _changed(gain, metric):
    """A gain as what the metric became of what it was."""
    if gain is None:
        return None
    change = -gain if metric["better"] == "lower" else gain
    return exp(min(change, 700.0)) if metric["scale"] == "log" else change
