"""What helps what: every trouble with its fixes, as marks with effect and price."""

import re
from dataclasses import dataclass

from . import words
from .effect import first_of
from .files import file_name
from .machine import withheld
from .verdicts import HELPS, VERDICTS, ShownVerdict, remedies

_PRICE = 1.2  # from this multiple of the baseline's time or memory on, it is named


@dataclass(frozen=True)
class ChartMark:
    """A fix on a trouble: its verdict's sign, name, effect and price in a few letters.

    price: empty where it is small or was not compared. harms: does it lose on test rows
    what a guardrail allows?
    """

    verdict: ShownVerdict
    label: str
    effect: str
    price: str
    harms: bool


@dataclass(frozen=True)
class Row:
    """A trouble: where its page is, and its fixes, those that help first."""

    title: str
    href: str
    metric: str
    helping: tuple[ChartMark, ...]
    others: tuple[ChartMark, ...]


def chart(results):
    """A `Row` of every question of the results, parts after their scenario."""
    return [
        _row(question, result)
        for result in results
        for question in (result, *(result.get("parts") or ()))
    ]


def _row(question, result):
    href = f"{file_name(result['scenario'])}.html"
    if question is not result:
        href += f"#{file_name(question['scenario'])}"
    fixes = remedies(question)
    helping = [fix for fix in fixes if fix["verdict"] in HELPS]
    others = [fix for fix in fixes if fix["verdict"] not in HELPS]
    return Row(
        question["title"],
        href,
        question["metric"]["label"],
        *(
            tuple(_mark(fix, question, fixes) for fix in some)
            for some in (helping, others)
        ),
    )


def _mark(fix, question, fixes):
    label = short(fix["label"])
    alike = sum(short(other["label"]) == label for other in fixes)
    return ChartMark(
        VERDICTS[fix["verdict"]],
        label if alike == 1 else fix["label"],
        first_of(fix, question["metric"]),
        _price(fix),
        bool(fix.get("guardrail")),
    )


def untimed(results):
    """That some pages compare no times, as the end of a sentence; "" where all do."""
    pages = sum(withheld(remedies(result)) for result in results)
    if not pages:
        return ""
    return (
        f", but no time on {words.count(pages, 'page')}, where the host was too noisy"
        " to compare any"
    )


def short(label):
    """A label without what explains it: up to a bracket, a colon or a comma."""
    return re.split(r" \(|: |, ", label, maxsplit=1)[0]


def _price(fix):
    """Time and memory, where they are surely above the baseline's, and not a little."""
    named = (("time", fix["seconds"]), ("memory", fix["bytes"]))
    dear = [
        f"{name} {words.times(cost['ratio'])}"
        for name, cost in named
        if cost["ratio"] and cost["ratio"] >= _PRICE and _least(cost) > 1
    ]
    return ", ".join(dear)


def _least(cost):
    """The lower end of the interval of a ratio, where it has one."""
    interval = cost.get("interval")
    return interval[1] if interval else cost["ratio"]
