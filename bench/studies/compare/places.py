"""Places of optimizers in two studies: those whose intervals do not meet."""

from typing import Any

_SAME = ("budgets", "seeds", "quick")


def places_change(before: dict, after: dict) -> dict[str, Any]:
    """What changed in the places by each budget, clock and target that both have.

    A place depends on who else takes part: other optimizers, problems, targets, trials
    or seeds make another question, which is not compared. A place changed where its
    two intervals, 95 % each from the bootstrap over runs, do not meet. That is no
    test corrected for their number; of two places of equal precision that are the
    same, about 1 in 180 does it by chance (2 x 1.96 / sqrt 2 = 2.77 deviations).
    """
    other = _other(before, after)
    known = {_key(c): c for c in after["comparisons"]}
    names = [optimizer["name"] for optimizer in before["optimizers"]]
    theirs = {o["name"]: place for place, o in enumerate(after["optimizers"])}
    tables = []
    for comparison in [] if other else before["comparisons"]:
        twin = known.get(_key(comparison))
        if twin is None:
            continue
        rows = [
            _row(name, comparison["ranks"][place], twin["ranks"][theirs[name]])
            for place, name in enumerate(names)
        ]
        about = {k: comparison[k] for k in ("budget", "clock", "target")}
        tables.append(about | {"rows": sorted(rows, key=_first)})
    return {"comparable": not other, "other": other, "tables": tables}


def _key(comparison):
    return comparison["budget"], comparison["clock"], comparison["target"]


def _first(row):
    return not row["changed"], row["before"]["first"], row["name"]


def _row(name, before, after):
    apart = before["high"] < after["low"] or after["high"] < before["low"]
    return {
        "name": name,
        "before": {k: before[k] for k in ("first", "last", "low", "high")},
        "after": {k: after[k] for k in ("first", "last", "low", "high")},
        "changed": apart,
    }


def _other(before, after):
    """[{what, before, after}] of what makes the places those of another field."""
    sides = [_field(before), _field(after)]
    return [
        {"what": name, "before": sides[0][name], "after": sides[1][name]}
        for name in sides[0]
        if sides[0][name] != sides[1][name]
    ]


def _field(study):
    asked = {key: study["settings"].get(key) for key in _SAME}
    return {
        "Optimizers": ", ".join(sorted(o["name"] for o in study["optimizers"])),
        "Problems": ", ".join(sorted(p["name"] for p in study["problems"])),
        "Targets": f"version {study['targets'].get('version')}",
        "Trials": ", ".join(map(str, asked["budgets"] or ())),
        "Seeds": str(asked["seeds"]),
        "Quick": "yes" if asked["quick"] else "no",
    }
