"""The effect of a fix on the metric: a ratio or a difference, and its interval."""

from dataclasses import dataclass
from math import exp

from . import words


@dataclass(frozen=True)
class Effect:
    """What a fix does to the metric; None where there is no such number.

    kind: `ratio` or `difference`, after against before; value, low, high: on that
    scale, so that low <= high whichever is the better.
    """

    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str = ""

    @property
    def said(self):
        """×0.43, or +3.2 points; empty where there is no number."""
        if self.value is None:
            return ""
        if self.kind == "ratio":
            return words.times(self.value)
        return words.signed(self.value, self.unit)

    @property
    def interval(self):
        """.27 to .68; empty where no end is known."""
        if self.kind == "ratio":
            return words.times_between(self.low, self.high)
        return words.signed_between(self.low, self.high, self.unit)

    @property
    def whole(self):
        """×0.43 (.27 to .68)"""
        return f"{self.said} ({self.interval})" if self.interval else self.said


def effect_of(fix, metric):
    """The `Effect` of an entry of `fixes`."""
    sign = -1 if metric["better"] == "lower" else 1
    ends = (fix["low"], fix["high"])[::sign]
    low, high = (None if end is None else sign * end for end in ends)
    value = None if fix["effect"] is None else sign * fix["effect"]
    if metric["scale"] != "log":
        unit = "share" if words.accuracy_like(metric) else metric["unit"]
        return Effect("difference", value, low, high, unit)
    value, low, high = (None if x is None else exp(x) for x in (value, low, high))
    return Effect("ratio", value, low, high)


def said_of(fix, metric):
    """The effect with its interval, or why there is none: ×0.43 (.27 to .68)."""
    return effect_of(fix, metric).whole or words.outcome(fix, metric)
