"""The best fixes two at a time, in words."""

from dataclasses import dataclass

from . import words
from .effect import ShownEffect
from .verdicts import remedies

_READINGS = {
    "adds up": "They add up.",
    "helps the other": "Together they gain more than apart.",
    "cancels": "Together they gain less than apart.",
    "undecided": "These seeds do not decide.",
}


@dataclass(frozen=True)
class PairRow:
    """Texts of two fixes: their effect together and apart, and the interaction."""

    labels: str
    together: str
    apart: str
    interaction: str
    reading: str


def pair_rows(result):
    """A `PairRow` of every pair of a result, the largest effect together first."""
    pairs, metric = result.get("pairs") or [], result["metric"]
    lower = metric["better"] == "lower"
    ordered = sorted(pairs, key=lambda pair: pair["together"][0], reverse=not lower)
    return [
        PairRow(
            labels=words.joined([f"“{label}”" for label in pair["labels"]]),
            together=_said(pair["together"], metric),
            apart=_said(pair["apart"], metric),
            interaction=_said(pair["interaction"], metric),
            reading=_READINGS[pair["reading"]] + _beyond_best(pair, result),
        )
        for pair in ordered
    ]


def _said(three, metric):
    kind = "ratio" if metric["scale"] == "log" else "difference"
    unit = "share" if words.accuracy_like(metric) else metric["unit"]
    value, low, high = three
    return ShownEffect(kind, value, low, high, unit).whole


def _beyond_best(pair, result):
    """Whether both are better than the better of the two alone."""
    gains = {fix["name"]: fix for fix in remedies(result)}
    metric = result["metric"]
    kind = "ratio" if metric["scale"] == "log" else "difference"
    alone = [gains[name]["effect"][kind][0] for name in pair["fixes"]]
    lower = metric["better"] == "lower"
    best = min(alone) if lower else max(alone)
    worst_end = pair["together"][2] if lower else pair["together"][1]
    if worst_end is None or best is None:
        return ""
    surpasses = worst_end < best if lower else worst_end > best
    return " Surely better than either alone." if surpasses else ""
