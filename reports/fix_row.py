"""One fix as a row of the verdict table: its numbers in words."""

from dataclasses import dataclass

from . import words
from .verdicts import VERDICTS, Verdict

_HARMLESS = ("ok", "stopped_early")
_STATUSES = {
    "stopped_early": "stopped early",
    "diverged": "diverged",
    "MemoryError": "out of memory",
    "killed": "killed",
    "predicted-not-run": "not run: predicted not to fit",
    "failed": "failed",
}


@dataclass(frozen=True)
class FixRow:
    """Texts of a row; a pair is what is said first and what is said below it."""

    label: str
    claim: str
    verdict: Verdict
    reason: str
    effect: tuple[str, str]
    values: str
    symptom: str
    seconds: tuple[str, str]
    bytes: tuple[str, str]
    test: tuple[str, str]
    seeds: tuple[str, str]
    note: str


def fix_row(fix, result):
    """The `FixRow` of an entry of `fixes`."""
    metric = result["metric"]
    known = fix["effect"] is not None
    interval = words.between(fix["low"], fix["high"], metric) if known else ""
    return FixRow(
        label=fix["label"],
        claim=fix["claim"],
        verdict=VERDICTS[fix["verdict"]],
        reason=fix["verdict_reason"] or "",
        effect=(words.outcome(fix, metric), interval),
        values=_values(fix, metric),
        symptom=_symptom(fix["symptom_fires"]),
        seconds=_cost(fix["seconds"], ("longer", "shorter"), words.duration, " a run"),
        bytes=_cost(
            fix["bytes"], ("more", "less"), words.size, f", {fix['bytes_kind']}"
        ),
        test=_test(fix["test_metric"]),
        seeds=_seeds(fix),
        note=fix.get("note") or "",
    )


def _values(fix, metric):
    """What the metric was and became: 2.31 nats to 0.854 nats."""
    means = fix["metric"]
    if means["mean"] is None and means["baseline_mean"] is None:
        return ""
    unit = "share" if words.accuracy_like(metric) else metric["unit"]
    before, after = (
        "no finite number" if value is None else words.quantity(value, unit)
        for value in (means["baseline_mean"], means["mean"])
    )
    return f"{before} → {after}"


def _symptom(fires):
    return {True: "still shown", False: "no longer shown", None: words.MISSING}[fires]


def _cost(cost, names, absolute, tail):
    """How much more or less than the baseline, and the amount."""
    if cost["median"] is None:
        return words.MISSING, ""
    return words.ratio(cost["ratio"], *names), absolute(cost["median"]) + tail


def _test(test):
    """The test metric beside the baseline's, and whether it is not worse."""
    if not test:
        return words.MISSING, ""
    show = words.percent if test["name"] == "accuracy" else words.number
    judged = {True: "not worse", False: "worse", None: ""}[test["not_worse"]]
    before = test["baseline_mean"]
    before = "baseline none" if before is None else f"baseline {show(before)}"
    said = ", ".join(filter(None, (before, judged)))
    return f"{test['name']} {show(test['mean'])}", said


def _seeds(fix):
    """How many seeds, what became of the runs, and how far they scatter."""
    fates = [
        f"{n} {_STATUSES.get(status, status)}"
        for status, n in fix["status"].items()
        if status not in _HARMLESS
    ]
    if fix["sd_over_delta"] is not None:
        fates.append(f"scatter {words.number(fix['sd_over_delta'])} δ")
    return str(fix["n"]), ", ".join(fates)


def disappointment(fix, metric):
    """What is to be said of a fix that did not help; None for one that did."""
    effect = words.outcome(fix, metric)
    interval = words.between(fix["low"], fix["high"], metric)
    known = f": {metric['label']} {effect} (interval: {interval})."
    said = {
        "no effect": f"Here it does not help enough to matter{known}",
        "worse": f"Here it makes matters worse{known}",
        "inconclusive": f"Here these seeds decide nothing{known}",
        "not measurable": "Here it could not be measured.",
    }.get(fix["verdict"])
    if said and fix["effect"] is None:
        return said.replace(known, f": {effect}.")
    return said
