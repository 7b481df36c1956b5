"""Seconds, measured in turns: what equal rules cost, and how sure that is."""

from math import log

from .. import words
from .content import StudyContent
from .phrases import few


def reasons(study: StudyContent) -> str:
    """Why there is no place by seconds."""
    return words.glued(" ".join(study["seconds_measured"]["reasons"]))


def sanity(study: StudyContent) -> list[str]:
    """A sentence a pair of rules with the same arithmetic: how far they differ."""
    found: dict[tuple[str, ...], list] = {}
    for row in study["seconds_measured"]["sanity"]:
        found.setdefault(tuple(row["rules"]), []).append(row["ratio"])
    return [_differ(study, rules, ratios) for rules, ratios in found.items()]


def _differ(study, rules, ratios):
    """The ratio that is furthest from 1, over the problems."""
    first, second = study.labels(rules)
    ratio, low, high = max(ratios, key=lambda interval: abs(log(interval[0])))
    most = "" if len(ratios) == 1 else f" at most, over {len(ratios)} problems"
    return (
        f"{first} and {second} do the same arithmetic; the ratio of their seconds a"
        f" step is {words.factor(ratio)} ({words.factors(low, high)}){most}."
    )


def best(study: StudyContent) -> str:
    """Who may be the best by seconds; empty on a noisy host."""
    found = study.by_seconds
    if not found or len(study.indices) == 1:
        return ""
    group = [n for n in study.ordered(found) if study.indices[n] in found["best_group"]]
    verb = "may be the best" if len(group) > 1 else "is the best"
    return f"By seconds {few(study.labels(group), 5)} {verb}."


def per_step(study: StudyContent) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(optimizer, [(microseconds a step, interval)])], a cell a problem."""
    found = study["seconds_measured"]["per_step"]
    names = [n for n in study.order if any(n in row for row in found.values())]
    return [
        (study.label(name), [_cell(found.get(p, {}).get(name)) for p in study.problems])
        for name in names
    ]


def _cell(numbers):
    if not numbers:
        return words.MISSING, ""
    value, low, high = (None if n is None else 1e6 * n for n in numbers)
    return words.number(value), f"{words.number(low)} to {words.number(high)}"
