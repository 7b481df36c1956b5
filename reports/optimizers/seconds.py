"""Seconds that were measured apart: what equal rules cost, and how sure that is."""

from .. import words
from .content import Study


def sanity(study: Study) -> list[str]:
    """A sentence a pair of rules with the same arithmetic: their ratio of seconds."""
    said = []
    for row in study["seconds_measured"]["sanity"]:
        first, second = study.labels(row["rules"])
        ratio, low, high = row["ratio"]
        said.append(
            f"{first} and {second} do the same arithmetic; a step of the first takes"
            f" {words.factor(ratio)} ({words.factors(low, high)}) times as long."
        )
    return said


def per_step(study: Study) -> list[tuple[str, list[tuple[str, str]]]]:
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
