"""What results mean for the terminal and for the exit code of `gradclinic run`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from .errors import FAIL_ON_HIT, OK, RunsFailed

# As a terminal of few characters can show it too.
TYPED = str.maketrans({"×": "x", "\N{NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-"})
TOLD = ("cured", "relieved", "worse")  # verdicts that get a line of their own


@dataclass(frozen=True)
class FailOn:
    """A reason to fail: `holds` of a result dict, and what is then said of it."""

    sentence: str
    holds: Callable[[dict], bool]


CONDITIONS = {
    "uncured": FailOn(
        "no fix cured it",
        lambda result: not fixes_with(result, "cured"),
    ),
    "controls": FailOn(
        "a control misbehaved",
        lambda result: any(c["behaved"] is False for c in result["controls"]),
    ),
    "symptom": FailOn(
        "the baseline does not show the symptom",
        lambda result: not result["symptom"]["fires"],
    ),
}


def closing_lines(results: list[dict], index: Path) -> Iterator[str]:
    """Yield each question with a line a fix that helps or harms, then the page."""
    for result in with_parts(results):
        fires = result["symptom"]["fires"]
        shown = "symptom confirmed" if fires else "SYMPTOM NOT CONFIRMED"
        yield f"{result['title']}: {shown}"
        yield from _fix_lines(result)
        yield ""
    yield f"The pages are in {index.resolve()}"


def _fix_lines(result: dict) -> Iterator[str]:
    """One fix a line: verdict, label, effect; the fixes without one are counted."""
    from ..reports.earlier import modern
    from ..reports.effect import said_of
    from ..reports.verdicts import remedies

    fixes = remedies(modern(result))
    said = [fix for fix in fixes if fix["verdict"] in TOLD]
    width = max((len(fix["label"]) for fix in said), default=0)
    for fix in said:
        effect = f"{result['metric']['label']} {said_of(fix, result['metric'])}"
        plain = (effect + _harm(fix)).translate(TYPED)
        yield f"  {fix['verdict']:8}  {fix['label']:{width}}  {plain}"
    rest = Counter(fix["verdict"] for fix in fixes if fix["verdict"] not in TOLD)
    if rest:
        counts = ", ".join(f"{n} {verdict}" for verdict, n in rest.items())
        yield f"  {'others:' if said else 'fixes:'} {counts}"


def _harm(fix: dict) -> str:
    """What a failed guardrail adds to the line of a fix."""
    said = fix.get("guardrail")
    return f"; {said[0].lower()}{said[1:].rstrip('.')}" if said else ""


def outcome(results: list[dict], fail_on: Iterable[str]) -> int:
    """Return the exit code; raise RunsFailed where verdicts rest on fewer runs."""
    questions = list(with_parts(results))
    conditions = [CONDITIONS[name] for name in fail_on]
    hits = [(q, c) for q in questions for c in conditions if c.holds(q)]
    for question, condition in hits:
        click.echo(f"{question['title']}: {condition.sentence}.", err=True)
    if failed := sum(len(question["failed_runs"]) for question in questions):
        raise RunsFailed(f"{failed} runs failed; the pages list them with reasons.")
    if missing := sum(question["missing_runs"] for question in questions):
        raise RunsFailed(
            f"{missing} runs were not started within --budget; the same command goes on"
            " with them."
        )
    return FAIL_ON_HIT if hits else OK


def with_parts(results: Iterable[dict]) -> Iterator[dict]:
    """Yield each result, then the further questions on its page."""
    for result in results:
        yield result
        yield from with_parts(result.get("parts", ()))


def fixes_with(result: dict, verdict: str) -> list[str]:
    """Return the labels of the fixes of this verdict; controls are not fixes."""
    return [
        fix["label"]
        for fix in result["fixes"]
        if fix["role"] == "fix" and fix["verdict"] == verdict
    ]
