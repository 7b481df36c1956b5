"""The first sentences of the page: where the demand is met, and where it is not."""

from .. import words
from ..also import name_of
from .tables import OURS, UNITS, WANTED, at


def opening(content):
    """Two paragraphs: what our rules reach, and where another tool is no worse."""
    asked = [d for d in content["demands"] if d["asked"]]
    short = [d for d in asked if not d["reached"]]
    said = (
        f"At the clear strength {len(asked) - len(short)} of"
        f" {words.count(len(asked), 'rule')} of ours reach a precision and a recall of"
        f" {WANTED:g}."
    )
    if short:
        said += f" These do not: {words.joined(list(map(_said, short)))}."
    return [said, " ".join(_compared(content, asked))]


def _compared(content, asked):
    """Sentences on F1 beside the published rules, and on what the seeds have set."""
    compared = [d for d in asked if d["others"]]
    ties = [d for d in compared if d["ties"]]
    behind = [d for d in compared if not d["better"] and not d["ties"]]
    if compared:
        ahead = len(compared) - len(ties) - len(behind)
        yield (
            f"Beside published rules on the same runs {ahead} of {len(compared)} have"
            " the highest F1."
        )
    for which, verb in ((ties, "Equal"), (behind, "Behind")):
        if which:
            listed = words.joined([_beaten(d, content) for d in which])
            yield f"{verb}: {listed}."
    if content["settings"]["tuned"]:
        yield "These seeds set thresholds: what is claimed must hold on others."


def _said(demand):
    return f"{name_of(demand['detector'])} from {UNITS[demand['unit']]}"


def _beaten(demand, content):
    return f"{_said(demand)} ({_best(demand, content)})"


def _best(demand, content):
    """The best other rule and both F1."""
    same = [
        (_f1(rule), rule["maker"])
        for rule in content["rules"]
        if (rule["detector"], rule["unit"]) == (demand["detector"], demand["unit"])
    ]
    theirs = max(pair for pair in same if pair[1] != OURS)
    ours = next(value for value, maker in same if maker == OURS)
    return f"{ours:.2f}, {theirs[1]} {theirs[0]:.2f}"


def _f1(rule):
    return at(rule, "clear")["f1"][0] or 0.0
