"""Contents of schema 1 from before some of its fields, so that they still draw.

What follows from the stored numbers is computed as the study computes it; seconds of
then were measured while other networks trained beside, so none of them is shown.
"""

from math import inf
from typing import Any

SEARCH_FAILED = 0.95  # of the tuned loss: where the sweep is lower, the search failed
_UNMEASURED = {
    "noisy": True,
    "reasons": ["They were not measured apart when this study was made."],
    "sanity": [],
    "per_step": {},
}


def completed(content: dict[str, Any]) -> dict[str, Any]:
    """The content with every field of today; what has them keeps them.

    Numbers that are not finite are None in it.
    """
    seconds = content.get("seconds_measured") or _UNMEASURED
    last = content["settings"]["budgets"][-1]
    problems = [
        {"targets": {str(last): problem["value"]}} | problem
        for problem in content["problems"]
    ]
    comparisons = [
        _comparison(content, found)
        for found in content["comparisons"]
        if found["clock"] != "seconds" or seconds is not _UNMEASURED
    ]
    return content | {
        "problems": problems,
        "results": [_result(row) for row in content["results"]],
        "comparisons": comparisons,
        "seconds_measured": seconds,
    }


def _result(row):
    """A pair with what its own sweep says of its search."""
    *before, winner = row["budgets"]
    tuned = _middle(winner["best"])
    swept = min(map(_number, row["sweep"]["best"]), default=inf)
    failed = swept < SEARCH_FAILED * tuned
    checked = {
        "withheld": "A sweep of the learning rate found a loss more than 5 % lower."
        if failed
        else None,
        "tuned": _known(tuned),
        "swept": _known(swept),
    }
    unchecked = {"withheld": None, "tuned": None, "swept": None}
    budgets = [*({**unchecked, **b} for b in before), checked | winner]
    sweep = {"settled": row["sweep"]["best"]} | row["sweep"]
    late = [{"final": None, "settled": None} | budget for budget in budgets]
    return row | {"budgets": late, "sweep": sweep}


def _comparison(content, found):
    """A comparison with costs in parts of the best, and with who may be the best."""
    if "relative_costs" in found and "best_group" in found:
        return found
    names = [optimizer["name"] for optimizer in content["optimizers"]]
    rows = {(r["problem"], r["optimizer"]): r for r in content["results"]}
    place = content["settings"]["budgets"].index(found["budget"])

    def cost(name, problem):
        winner = rows[problem["name"], name]["budgets"][place]
        return _middle(winner["costs"][found["target"]][found["clock"]])

    costs = [[cost(name, p) for p in content["problems"]] for name in names]
    best = [min(column) for column in zip(*costs, strict=True)]
    relative = [
        [
            _known(mine / least) if mine < inf else None
            for mine, least in zip(row, best, strict=True)
        ]
        for row in costs
    ]
    group = [i for i, rank in enumerate(found["ranks"]) if rank["low"] == 1]
    return {"relative_costs": relative, "best_group": group} | found


def _middle(values):
    """The median, of two the worse; None is infinite."""
    known = sorted(map(_number, values))
    return known[len(known) // 2] if known else inf


def _number(value):
    return inf if value is None else value


def _known(value):
    return None if value == inf else value
