"""The effect of a fix on the metric: a ratio or a difference, and its interval."""

from dataclasses import dataclass
from math import log

from . import words
from .sortable import Sortable

_ENDLESS = float("inf")


@dataclass(frozen=True)
class ShownEffect:
    """What a fix does to the metric; None where there is no such number.

    kind: `ratio` (after / before) or `difference` (after - before); value, low, high:
    on that scale, low <= high whichever is the better. A ratio of 0 is one to a
    baseline without a finite value.
    """

    kind: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def said(self):
        """×0.43, or +3.2 points; empty where there is no number."""
        if not self.value and self.kind == "ratio":
            return ""
        if self.kind == "ratio":
            return words.times(self.value)
        return "" if self.value is None else words.signed(self.value, self.unit)

    @property
    def interval(self):
        """.27 to .68; empty where no end is known."""
        if self.kind == "ratio":
            return words.times_between(self.low or None, self.high)
        return words.signed_between(self.low, self.high, self.unit)

    @property
    def whole(self):
        """×0.43 (.27 to .68)"""
        said, interval = self.said, self.interval
        whole = f"{said} ({interval})" if said and interval else said
        return Sortable(whole, self.value if said else None)


def effect_of(fix, metric):
    """The `ShownEffect` of an entry of `fixes`."""
    kind = "ratio" if metric["scale"] == "log" else "difference"
    if fix["effect"] is None or _all_missed(fix["effect"]):
        return ShownEffect(kind)
    unit = "share" if words.accuracy_like(metric) else metric["unit"]
    value, low, high = fix["effect"][kind]
    return ShownEffect(kind, value, low, high, unit)


def _all_missed(found):
    """Did every run of the fix and of the baseline miss?"""
    seeds = len(found.get("pairs") or ())
    return seeds > 0 and found["missed"] == found["missed_baseline"] == seeds


def said_of(fix, metric):
    """The effect with its interval, or why there is none: ×0.43 (.27 to .68)."""
    return effect_of(fix, metric).whole or outcome(fix, metric)


def first_of(fix, metric):
    """The effect without its interval, or why there is none."""
    return effect_of(fix, metric).said or outcome(fix, metric)


def outcome(fix, metric):
    """What became of the metric where no effect is a number."""
    if fix["effect"] is None:
        return "not measurable"
    after, before = centres(fix)
    if after is not None and before is None:
        return f"{words.quantity(after, metric['unit'])} (the baseline fails)"
    if after is None and before is not None:
        return "most runs fail"
    return "fails, as the baseline does"


def centres(fix):
    """(after, before): means, or medians where runs missed; None where not finite."""
    found = fix["metric"]
    name = "median" if is_censored(fix) else "mean"
    return found.get(name), found.get(f"baseline_{name}")


def is_censored(fix):
    """Did runs miss the target or diverge, so that no mean may stand beside them?"""
    return (fix["effect"] or {}).get("kind") == "censored"


def counted(fix):
    """Seeds it made better and worse, and misses, where runs missed; else empty."""
    if not is_censored(fix):
        return ""
    found = fix["effect"]
    seeds = len(found["pairs"])
    said = f"better on {found['better']} of {seeds} seeds, worse on {found['worse']}"
    missed, before = found["missed"], found["missed_baseline"]
    if not missed and not before:
        return said
    return f"{said}; runs that missed: {missed} of {seeds}, of the baseline {before}"


def gains(fix, metric):
    """[gain] of every seed, positive is better; infinite where one of the two missed.

    On the scale of the fix's own `gain`: logarithms of ratios, or differences.
    """
    kind = "ratio" if metric["scale"] == "log" else "difference"
    sign = -1 if metric["better"] == "lower" else 1
    pairs = (fix["effect"] or {}).get("pairs") or ()
    return [_gain(value, kind, sign) for _, value in pairs]


def _gain(value, kind, sign):
    if value is None:
        return -_ENDLESS
    if kind == "difference":
        return sign * value
    return sign * log(value) if value else _ENDLESS
