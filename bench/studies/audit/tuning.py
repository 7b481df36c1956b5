"""What a page claims of doses and of pairs, beside what the stored runs give."""

import json
from collections.abc import Iterator
from math import exp, inf, isclose

import numpy as np
import pandas as pd

from . import intervals
from .question import ALPHA, HELPS, AuditedQuestion
from .runs import STRIDE

RATE, UNDOSED = "tuned_rate", "undosed"
PAIRED = 4  # best fixes, of which all pairs are tried
NEAR = {"rel_tol": 1e-6, "abs_tol": 1e-9}


def audit_doses(content: dict, runs: pd.DataFrame) -> Iterator[str]:
    """Sentences on what does not follow of the doses of one question.

    Each value of a curve must be the centre of runs of one trial on the tuning seeds,
    the chosen dose the best of them, and its trial the one that was judged. Where
    files are made smaller, a dose whose networks are worse is not the best.
    """
    judged = {f["name"]: ("fix", f) for f in content["fixes"] if f.get("dose")}
    said = {name: fix["dose"] for name, (_, fix) in judged.items()}
    if content.get("rate"):
        said[RATE], judged[RATE] = content["rate"], ("baseline", {"name": "baseline"})
    for name, dose in said.items():
        if not dose["tuned"]:
            continue
        role, fix = judged[name]
        tried = _tried(content, runs, name, dose.get("harmless"))
        for sentence in _dose(dose, tried, _trials(content, runs, role, fix["name"])):
            yield f"the doses of {name}: {sentence}"


def _of(content, runs, role, name):
    start = content["seed"] * STRIDE
    mine = (runs["scenario"] == content["scenario"]) & (runs["role"] == role)
    mine &= (runs["fix"] == name) & runs["seed"].between(start, start + STRIDE - 1)
    return runs[mine]


def _trials(content, runs, role, name):
    """The trials of a condition as texts."""
    return {_text(trial) for trial in _of(content, runs, role, name)["trial"]}


def _text(trial):
    return json.dumps(trial, sort_keys=True)


def _tried(content, runs, name, harmless):
    """{trial: ((minus the runs that missed, minus the harm, score), centre)} of a fix.

    harmless: what a validation metric may lose beside the runs without any dose; None
    where doses are compared by that metric itself.
    """
    metric = content["metric"]
    column = metric["name"]
    if metric.get("rows", "test") == "test":
        column = column.replace("test_", "val_")
    found = {}
    rows = _of(content, runs, "dose", name)
    plain = _accuracies(_of(content, runs, "dose", UNDOSED))
    for text, group in rows.groupby(rows["trial"].map(_text)):
        last = group.drop_duplicates(subset="seed", keep="last")
        values = np.array(
            [
                inf
                if status == "diverged" or given.get(column) is None
                else given[column]
                for status, given in zip(last["status"], last["values"], strict=True)
            ]
        )
        sign = -1 if metric["better"] == "lower" else 1
        values = np.where(np.isfinite(values), values, -sign * inf)
        with np.errstate(divide="ignore"):
            logs = np.log(values) if metric["scale"] == "log" else values
        missed = int((~np.isfinite(logs)).sum())
        middle = float(np.median(logs) if missed else logs.mean())
        centre = exp(middle) if metric["scale"] == "log" and middle < 700 else middle
        harm = 0.0
        if harmless is not None:
            harm = max(0.0, (plain - _accuracies(last)).mean() - harmless)
        found[text] = (-missed, -harm, sign * middle), centre
    return found


def _accuracies(rows):
    """The validation metric of runs, by seed."""
    last = rows.drop_duplicates(subset="seed", keep="last")
    values = [given.get("val_metric") for given in last["values"]]
    return pd.Series(values, index=last["seed"], dtype=float)


def _dose(said, tried, judged):
    shown = {dose: value for dose, value, *_ in said["curve"]}
    trials = {}
    for dose, value in shown.items():
        mine = [t for t, (_, centre) in tried.items() if _same(value, centre)]
        if not mine:
            yield f"no runs give {value} at {dose}."
        trials[dose] = mine
    if not all(trials.values()):
        return
    scores = {dose: max(tried[t][0] for t in mine) for dose, mine in trials.items()}
    if scores[said["chosen"]] < max(scores.values()):
        best = max(scores, key=scores.__getitem__)
        yield f"{said['chosen']} is said to be chosen, and {best} is the best."
    elif not judged & {*trials[said["chosen"]]}:
        yield f"what was judged is not the trial at {said['chosen']}."


def _same(said, found):
    if said is None:
        return not np.isfinite(found)
    return bool(np.isfinite(found)) and isclose(said, found, **NEAR)


def audit_pairs(content: dict, question: AuditedQuestion) -> Iterator[str]:
    """Sentences on what does not follow of the fixes that were tried in pairs."""
    pairs = content.get("pairs") or []
    level = 1 - ALPHA / max(1, _pairs_asked(content, question.runs))
    for pair in pairs:
        first, second = (question.condition("fix", n) for n in pair["fixes"])
        both = question.condition("pair", " + ".join(pair["fixes"]))
        seeds = question.shared(both, first, second)
        if len(seeds) < 2:
            yield f"there are no runs of {' and '.join(pair['fixes'])}."
            continue
        base = question.baseline.loc[seeds]
        gains = [question.gains(base, r.loc[seeds]) for r in (both, first, second)]
        found = {
            "together": gains[0],
            "apart": gains[1] + gains[2],
            "interaction": gains[0] - gains[1] - gains[2],
        }
        overlap = question.overlap(question.metric["rows"])
        for key, values in found.items():
            ends = intervals.student(values, level, overlap)
            shown = [_shown(end, question.metric) for end in ends]
            shown = [shown[0], *sorted(shown[1:])]
            if not all(
                isclose(a, b, **NEAR) for a, b in zip(pair[key], shown, strict=True)
            ):
                yield f"{key} of {' and '.join(pair['fixes'])} is {shown}."
        _, low, high = intervals.student(found["interaction"], level, overlap)
        reading = _reading(low, high, question.delta)
        if pair["reading"] != reading:
            yield f"{' and '.join(pair['fixes'])} read as “{reading}”."


def _pairs_asked(content, runs):
    """How many pairs of the best fixes were run, of what the folder holds.

    It may hold pairs of others, where fixes came to other verdicts before.
    """
    sound = [
        (-inf if fix["low"] is None else fix["low"], fix["name"])
        for fix in content["fixes"]
        if fix["role"] == "fix" and fix["verdict"] in HELPS and not fix["guardrail"]
    ]
    best = {name for _, name in sorted(sound, reverse=True)[:PAIRED]}
    run = {frozenset(name.split(" + ")) for name in runs[runs.role == "pair"].fix}
    return sum(pair <= best for pair in run)


def _shown(gain, metric):
    change = -gain if metric["better"] == "lower" else gain
    return exp(change) if metric["scale"] == "log" else change


def _reading(low, high, delta):
    if low > 0:
        return "helps the other"
    if high < 0:
        return "cancels"
    return "adds up" if -delta < low and high < delta else "undecided"
