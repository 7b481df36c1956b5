"""One question that two folders answer: its symptom, its fixes, its troubles."""

from typing import Any

from ...statistics.changes import Estimate, excludes_zero
from ...statistics.effects import EQUIVALENCE_LEVEL
from ...statistics.intervals import Interval, finite_or_none
from .circumstances import asked, differing
from .estimates import INDEPENDENT, change_of, shown_change, stored_effect

MORE, LESS = "helps more", "helps less"
IDENTICAL, SMALL = "identical", "too small to matter"
INCONCLUSIVE, NONE = "inconclusive", "not comparable"
_ORDER = (LESS, MORE, NONE, INCONCLUSIVE, SMALL, IDENTICAL)


def question_change(before: dict, after: dict) -> tuple[dict[str, Any], list]:
    """(what changed in a question, [(its fix, estimate)] still to be judged).

    A fix is filled in by `judge_change` once all comparisons are counted.
    """
    other = differing(asked(before), asked(after))
    same_delta = before["delta"] == after["delta"]
    pairs, only_before, only_after = _matched(before["fixes"], after["fixes"])
    fixes, open_ones = [], []
    for one, two in pairs:
        row, estimate = _fix(one, two, before, not other, same_delta)
        fixes.append(row)
        if estimate is not None:
            open_ones.append((row, estimate))
    content = {
        "name": before.get("scenario") or before["table"]["name"],
        "title": before.get("title") or before["table"]["name"],
        "kind": "scenario" if "scenario" in before else "diagnosis",
        "comparable": not other,
        "other": other,
        "same_delta": same_delta,
        "metric": {
            k: before["metric"][k] for k in ("label", "unit", "scale", "better")
        },
        "delta": before["delta"],
        "delta_label": before["delta_label"],
        "symptom": _symptom(before, after, not other),
        "troubles": _troubles(before, after),
        "fixes": fixes,
        "only_before": [fix["label"] for fix in only_before],
        "only_after": [fix["label"] for fix in only_after],
    }
    return content, open_ones


def _matched(before, after):
    """([(fix, fix)] of one role and name, those of one side, of the other)."""
    mine = {(f["role"], f["name"]): f for f in before}
    theirs = {(f["role"], f["name"]): f for f in after}
    pairs = [(mine[key], theirs[key]) for key in mine if key in theirs]
    only = [f for key, f in mine.items() if key not in theirs]
    return pairs, only, [f for key, f in theirs.items() if key not in mine]


def _fix(one, two, question, comparable, same_delta):
    """(row of a fix, the estimate of its change or None)."""
    metric = question["metric"]
    effects = stored_effect(one, metric), stored_effect(two, metric)
    estimate, how, n = change_of(*effects) if comparable else (None, INDEPENDENT, 0)
    differs = comparable and same_delta and one["verdict"] != two["verdict"]
    row = {
        "name": one["name"],
        "label": two["label"],
        "role": one["role"],
        "before": _side(one),
        "after": _side(two),
        "how": how,
        "n": n,
        "change": NONE,
        "value": None,
        "low": None,
        "high": None,
        "p": None,
        "level": None,
        "gain": None,
        "verdict_differs": differs,
        "changed": differs,
    }
    first, second = effects
    if comparable and first and first == second:
        return row | {"change": IDENTICAL}, None
    return row, estimate


def _side(fix):
    return {
        "verdict": fix["verdict"],
        "effect": fix["effect"]
        and {
            k: v
            for k, v in fix["effect"].items()
            if k in ("kind", "ratio", "difference")
        },
        "n": fix["n"],
        "strength": fix.get("strength") or "",
    }


def judge_change(row: dict, estimate: Estimate, level: float, question: dict) -> None:
    """Fill in the change of a fix's effect and what it says.

    helps more, helps less: the interval at `level` excludes 0, and the change is above
    the smallest effect that matters. too small to matter: the 90 % interval lies
    within that effect on both sides (two one-sided tests). Else inconclusive.
    """
    found, narrow = estimate.limits(level), estimate.limits(EQUIVALENCE_LEVEL)
    delta, metric = question["delta"], question["metric"]
    if excludes_zero(found) and abs(found.value) > delta:
        row["change"] = MORE if found.value > 0 else LESS
        row["changed"] = True
    elif -delta < narrow.low and narrow.high < delta:
        row["change"] = SMALL
    else:
        row["change"] = INCONCLUSIVE
    row |= _shown(found, metric) | {"gain": finite_or_none(found.value), "level": level}


def _shown(found: Interval, metric):
    """value, low, high of a change on the metric's scale, in order."""
    ends = (found.low, found.high)
    if metric["better"] == "lower":
        ends = ends[::-1]
    low, high = (shown_change(end, metric) for end in ends)
    return {"value": shown_change(found.value, metric), "low": low, "high": high}


def _symptom(before, after, comparable):
    """Whether the rule says that the trouble is there; None for a diagnosis."""
    if "symptom" not in before or "symptom" not in after:
        return None
    states = [_state(side["symptom"]) for side in (before, after)]
    return {
        "before": states[0],
        "after": states[1],
        "changed": comparable and states[0] != states[1],
    }


def _state(symptom):
    if symptom["fires"]:
        return "confirmed"
    return "refuted" if symptom["refuted"] else "not confirmed"


def _troubles(before, after):
    """{gone, new, both: titles} of the troubles that a diagnosis names; else None.

    A check that either was told to leave out is left out.
    """
    if before["kind"] != "diagnose":
        return None
    muted = {code for q in (before, after) for code in q["settings"].get("mute") or ()}
    one, two = (
        {v["code"]: v["title"] for v in q["verdicts"] if v["code"] not in muted}
        for q in (before, after)
    )
    return {
        "gone": [title for code, title in one.items() if code not in two],
        "new": [title for code, title in two.items() if code not in one],
        "both": [title for code, title in two.items() if code in one],
    }


def in_order(rows: list[dict]) -> list[dict]:
    """What changed first; then by what is said of the change."""
    return sorted(rows, key=lambda r: (not r["changed"], _ORDER.index(r["change"])))
