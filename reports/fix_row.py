"""One fix as a row of the verdict table: its numbers in words."""

from dataclasses import dataclass

from . import words
from .effect import centres, counted, effect_of, first_of, said_of
from .sortable import Sortable
from .verdicts import HELPS, VERDICTS, ShownVerdict

_HARMLESS = ("ok", "stopped_early")
_STATUSES = {
    "stopped_early": "stopped early",
    "diverged": "diverged",
    "MemoryError": "out of memory",
    "killed": "killed",
    "predicted-not-run": "not run: predicted not to fit",
    "unavailable": "not run: no such device here",
    "failed": "failed",
}


@dataclass(frozen=True)
class FixRow:
    """Texts of a row; a pair is what is said first and what is said below it."""

    label: str
    claim: str
    strength: str
    verdict: ShownVerdict
    reason: str
    guardrail: str
    effect: tuple[str, str]
    whole: str
    values: str
    counts: str
    symptom: str
    seconds: tuple[str, str]
    bytes: tuple[str, str]
    test: tuple[str, str]
    seeds: tuple[str, str]
    note: str


def fix_row(fix, result):
    """The `FixRow` of an entry of `fixes`."""
    metric = result["metric"]
    found = effect_of(fix, metric)
    return FixRow(
        label=fix["label"],
        claim=fix["claim"],
        strength=fix.get("strength") or "",
        verdict=VERDICTS[fix["verdict"]],
        reason=fix["verdict_reason"] or "",
        guardrail=fix.get("guardrail") or "",
        effect=(first_of(fix, metric), found.interval if found.said else ""),
        whole=said_of(fix, metric),
        values=_values(fix, metric),
        counts=counted(fix),
        symptom=_symptom(fix),
        seconds=_seconds(fix["seconds"]),
        bytes=_bytes(fix["bytes"], fix["bytes_kind"]),
        test=_test(fix["test_metric"]),
        seeds=_seeds(fix),
        note=fix.get("note") or "",
    )


def _values(fix, metric):
    """What the metric was and became: 2.31 nats → 0.854 nats."""
    after, before = centres(fix)
    if after is None and before is None:
        return ""
    unit = "share" if words.accuracy_like(metric) else metric["unit"]
    ends = (words.quantity(value, unit) for value in (before, after))
    return " → ".join("none" if end == words.MISSING else end for end in ends)


def _symptom(fix):
    """Is the symptom gone, still there, or neither shown?"""
    if fix["refuted"]:
        return "gone"
    return {True: "still there", False: "not decided", None: words.MISSING}[
        fix["symptom_fires"]
    ]


def _seconds(cost):
    """The ratio of times with its interval; no ratio where the host was too busy."""
    if cost["median"] is None:
        return words.MISSING, ""
    amount = f"{words.duration(cost['median'])} a run"
    if "interval" not in cost:  # stored by an earlier version
        return words.times(cost["ratio"]), amount
    if not cost["interval"]:
        return amount, "not compared"
    ratio, low, high = cost["interval"]
    said = f"{words.times(ratio)} ({words.times_between(low, high)})"
    return Sortable(said, ratio), amount


def _bytes(cost, kind):
    """The ratio of peaks, and the amount."""
    if cost["median"] is None:
        return words.MISSING, ""
    return words.times(cost["ratio"]), f"{words.size(cost['median'])}, {kind}"


def _test(test):
    """The test metric beside the baseline's, and whether it is not worse."""
    if not test:
        return words.MISSING, ""
    show = words.percent if test["name"] == "accuracy" else words.number
    judged = {True: "not worse", False: "worse", None: ""}[test["not_worse"]]
    before = test["baseline_mean"]
    before = (
        "baseline: no finite value" if before is None else (f"baseline {show(before)}")
    )
    said = ", ".join(filter(None, (before, judged)))
    return Sortable(f"{test['name']} {show(test['mean'])}", test["mean"]), said


def _seeds(fix):
    """How many seeds, what became of the runs, and how far they scatter."""
    fates = [
        f"{n} {_STATUSES.get(status, status)}"
        for status, n in fix["status"].items()
        if status not in _HARMLESS
    ]
    if fix["sd_over_delta"] is not None:
        fates.append(f"scatter {words.rounded(fix['sd_over_delta'])} δ")
    return Sortable(fix["n"], fix["n"]), ", ".join(fates)


def disappointment(fix, metric):
    """What is to be said of a fix that did not help; None for one that did."""
    if fix["verdict"] in HELPS:
        return None
    if fix["verdict"] == "not measurable":
        return "Here it could not be measured."
    if fix["verdict"] == "worse" and fix.get("guardrail") and not _is_worse(fix):
        return (
            f"Here it fails a guardrail, with {metric['label']} {said_of(fix, metric)}."
        )
    effect = fix["effect"]
    if effect.get("equal") == fix["n"] and effect["missed"] < fix["n"]:
        return "Here it changes nothing: every seed comes out as without it."
    said = {
        "too small to matter": "Here its effect is too small to matter",
        "worse": "Here it makes matters worse",
        "inconclusive": f"Here {_open(fix)}",
    }[fix["verdict"]]
    return f"{said}: {metric['label']} {said_of(fix, metric)}.{_small_gain(fix)}"


def _open(fix):
    """What the seeds leave open: all, or only how large a sure change is."""
    if fix["low"] is not None and fix["low"] > 0:
        return "a gain is sure, but not whether it is large enough to matter"
    if _is_worse(fix):
        return "a loss is sure, but not whether it is large enough to matter"
    return "these seeds decide nothing"


def _is_worse(fix):
    """Is the metric itself shown to be worse?"""
    return fix["high"] is not None and fix["high"] < 0


def _small_gain(fix):
    """The sentence on a gain that is sure and yet too small to matter."""
    sure = fix["low"] is not None and fix["low"] > 0
    if fix["verdict"] == "too small to matter" and sure:
        return " The gain is sure, for the interval excludes no change, but small."
    return ""
