"""The first sentences of the page: where the demand is met, and where it is not."""

from .. import words
from .tables import OURS, titles

_UNITS = {"run": "one run", "group": "several seeds"}


def opening(content):
    """Sentences: what is reached, what is not, and who is better."""
    names = titles(content)
    asked = [d for d in content["demands"] if d["asked"]]
    met = [d for d in asked if d["reached"]]
    short = [d for d in asked if not d["reached"]]
    said = [
        f"At the clear strength {len(met)} of {words.count(len(asked), 'rule')} of ours"
        " reach a precision and a recall of 0.95."
    ]
    if short:
        said.append(f"These do not: {words.joined([_said(d, names) for d in short])}.")
    compared = [d for d in asked if d["others"]]
    behind = [d for d in compared if not d["better"]]
    if compared:
        ahead = len(compared) - len(behind)
        said.append(
            f"Of {words.count(len(compared), 'rule')} that published ones can be"
            f" compared with, {ahead} have a higher F1 than each of them."
        )
    if behind:
        listed = words.joined([_beaten(d, names, content) for d in behind])
        said.append(f"Not so {listed}.")
    if content["settings"]["tuned"]:
        said.append("These seeds set thresholds: what is claimed must hold on others.")
    return said


def _said(demand, names):
    return f"{names[demand['detector']].lower()} from {_UNITS[demand['unit']]}"


def _beaten(demand, names, content):
    return f"{_said(demand, names)} ({_best(demand, content)})"


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
    score = next(s for s in rule["scores"] if s["severity"] == "clear")
    return score["f1"][0] or 0.0
