"""A result that others published: how it was made, what they got, what we get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from ...statistics.intervals import Interval, mean_interval

NEVER = inf


@dataclass(frozen=True)
class Figure:
    """One number of a publication.

    name: a key of what `Reproduction.measure` returns. low, high: the published range,
    equal where it is one number; `NEVER` where it is an event that does not come.
    slack: by which share of the range's ends ours may miss it. middle: `mean` over the
    seeds, or `median`, for times that may be `NEVER`. unit: `%` of shares, or empty.
    claim: what was published where it is no number; low and high are then our bounds.
    """

    name: str
    label: str
    low: float
    high: float
    slack: float = 0.0
    middle: str = "mean"
    unit: str = ""
    claim: str = ""

    def holds(self, value: float) -> bool:
        """Is a value within the published range and its slack?"""
        low, high = self.low * (1 - self.slack), self.high * (1 + self.slack)
        return low <= value <= high


@dataclass(frozen=True)
class Reproduction:
    """name, title, setup: for readers; source: of the figures, and of the set-up.

    measure: seed -> {name of a figure: value}. seeds, quick: how many. plot: from the
    values of all seeds, {figure: floats}, a plot as `reports.figures` draws, or None.
    remark: what differs from the publication, one sentence or two.
    """

    name: str
    title: str
    setup: str
    source: str
    figures: tuple[Figure, ...]
    measure: Callable[[int], dict[str, float]]
    seeds: int = 5
    quick: int = 2
    remark: str = ""
    plot: Callable[[Mapping[str, np.ndarray]], dict[str, Any]] | None = None


def summary(figure: Figure, values: np.ndarray) -> dict[str, Any]:
    """What one figure came to over the seeds, beside what was published.

    values: float[seeds], infinite for what never came. interval: of the mean, 95 %, by
    Student's t; of a median the least and the largest value.
    """
    if figure.middle == "median":
        # No mean of the two in the middle: one of them may be infinite.
        ordered = np.sort(values)
        middle = float(ordered[len(ordered) // 2])
        interval = Interval(middle, float(ordered[0]), float(ordered[-1]))
    elif np.isfinite(values).all():
        interval = mean_interval(values, 0.95)
    else:
        interval = Interval(inf, inf, inf)
    return {
        "name": figure.name,
        "label": figure.label,
        "unit": figure.unit,
        "middle": figure.middle,
        "published": [known(figure.low), known(figure.high)],
        "slack": figure.slack,
        "claim": figure.claim,
        "value": known(interval.value),
        "low": known(interval.low),
        "high": known(interval.high),
        "values": [known(value) for value in values.tolist()],
        "holds": figure.holds(interval.value),
    }


def known(value: float) -> float | None:
    """A finite number, or None for what never came."""
    return value if isfinite(value) else None
