"""The verdict in a few sentences; where a simpler model wins, that comes first."""

from typing import Any

from ....reports.effect import said_of
from ....reports.words import quantity

_BEATS = {"linear": "A linear model beats", "boosting": "Boosted trees beat"}


def headline(content: dict[str, Any], wins, wins_after) -> list[str]:
    """Sentences. wins: the baseline that beats the network; wins_after: the fixed."""
    chosen = next((f for f in content["fixes"] if f["name"] == content["chosen"]), None)
    said = []
    if wins_after:
        said.append(_beaten(wins_after, content, chosen))
    elif wins:
        said.append(
            f"{_BEATS[wins['name']]} the network as it is"
            f" ({_value(wins['mean'], content)} against"
            f" {_value(content['network']['mean'], content)}"
            f" {content['metric']['label']}), but not with the fix below."
        )
    table = content["table"]
    if table["total"] > table["rows"] + table["lost"]:
        said.append(
            f"{table['rows']:,} of {table['total']:,} rows were looked at, drawn at"
            " random."
        )
    said.append(_troubles(content["verdicts"]))
    said.append(_fix(content, chosen))
    tested = [r for r in content["test"]["results"] if r["value"] is not None]
    if tested:
        values = "; ".join(
            f"{_lower(r['label'])} {_value(r['value'], content)}"
            f" ({_bare(r['low'], content)} to {_value(r['high'], content)})"
            for r in tested
        )
        said.append(
            f"On the {content['test']['rows']:,} test rows, used once, the"
            f" {content['metric']['label']} is: {values}."
        )
    return said


def _beaten(wins, content, chosen):
    even = ", even with its best fix" if chosen else ""
    ours = content["network"]["mean"] if not chosen else chosen["metric"]["mean"]
    theirs = next(b for b in content["baselines"] if b["name"] == wins["name"])["mean"]
    return (
        f"{_BEATS[wins['name']]} the network{even}: {content['metric']['label']}"
        f" {_value(theirs, content)} against {_value(ours, content)}. Prefer it, unless"
        " you need a network."
    )


def _troubles(verdicts):
    if not verdicts:
        return "No trouble was found in the table or in how the network trains."
    first, *rest = verdicts
    more = f" {len(rest)} more below." if rest else ""
    return f"{first['title']} ({first['code']}): {first['evidence']}{more}"


def _fix(content, chosen):
    if chosen is None:
        return "No fix was shown to help the network here."
    effect = said_of(chosen, content["metric"])
    strength = f" ({chosen['strength']})" if chosen["strength"] else ""
    return f"What helps most for its cost: {_lower(chosen['label'])}{strength}," + (
        f" {content['metric']['label']} {effect}."
    )


def _value(value, content):
    return quantity(value, content["metric"]["unit"])


def _bare(value, content):
    """Without its unit, which follows."""
    unit = content["metric"]["unit"]
    return quantity(value, unit if unit == "share" else "")


def _lower(label):
    return label if label[:2].isupper() else f"{label[0].lower()}{label[1:]}"
