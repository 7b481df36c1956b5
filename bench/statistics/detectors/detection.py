"""What a detector answers, and how a number is compared with a threshold."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..intervals import finite_or_none, interval, wilson_interval

_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt}
_HEALTHY = {">": operator.le, ">=": operator.lt, "<": operator.ge}
# What happened in no run is refuted where its share is below this with 95 % confidence,
# which takes four runs.
_RARE = 0.5


@dataclass(frozen=True)
class Component:
    """One number of a rule: its interval over seeds against its threshold.

    It fires where the whole interval lies beyond the threshold, so that chance between
    seeds does not ring the alarm. It is refuted where the whole interval lies on the
    healthy side; an interval that holds the threshold does neither. value, low, high:
    None where they were not measured or are not finite; one seed has a value but no
    bounds, and so never fires and is never refuted.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    threshold: float
    comparison: str
    unit: str
    fires: bool
    refuted: bool = False


@dataclass(frozen=True)
class Detection:
    """The answer of a detector and the numbers it rests on.

    refuted: the rule is shown not to hold, since a sign that it needs is refuted.
    Neither fires nor refuted: the runs leave the question open.
    """

    fires: bool
    components: tuple[Component, ...]
    refuted: bool = False


def any_of(*components: Component) -> Detection:
    """The rule that one component is enough for: all must be refuted."""
    return Detection(
        any(c.fires for c in components),
        components,
        refuted=bool(components) and all(c.refuted for c in components),
    )


def measured(values: Mapping[str, Any], name: str) -> np.ndarray:
    """float[n] of an input, NaN where a seed lacks it; empty where all do."""
    found = values.get(name)
    return np.atleast_1d(np.array([] if found is None else found, dtype=float))


def log_ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """float[n]: log(numerator / denominator), empty where an input is.

    0 for zero to zero; infinite where just one is zero or infinite; NaN, not measured,
    for negative numbers and for infinity to infinity.
    """
    if not (numerator.size and denominator.size):
        return np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(numerator) - np.log(denominator)
    return np.where((numerator == 0) & (denominator == 0), 0.0, logs)


def component(
    name: str,
    values: ArrayLike,
    comparison: str,
    threshold: float,
    unit: str = "",
    shown: Callable[[float], float] = float,
    test_over_train: float | None = None,
) -> Component:
    """Compare the 95 % interval of float[n] with a threshold.

    comparison: `>`, `>=` (the lower bound decides, the upper one refutes) or `<` (the
    other way round). shown: increasing function from the scale of the interval, such as
    the logarithm, to that of the threshold. The mean of logarithms keeps one extreme
    ratio from blowing up the interval. NaN are seeds without a measurement;
    `intervals.interval` has the rest.
    """
    bounds = interval(values, test_over_train)
    value, low, high = (_on_scale(bound, shown) for bound in bounds)
    deciding, refuting = (high, low) if comparison == "<" else (low, high)
    return Component(
        name,
        *(
            finite_or_none(number) if isfinite(bound) else None
            for number, bound in zip((value, low, high), bounds, strict=True)
        ),
        threshold=threshold,
        comparison=comparison,
        unit=unit,
        fires=bool(_COMPARISONS[comparison](deciding, threshold)),
        refuted=bool(_HEALTHY[comparison](refuting, threshold)),
    )


def _on_scale(bound, shown):
    with np.errstate(over="ignore"):
        return float(shown(bound))


def share_of_runs(name: str, happened: ArrayLike) -> Component:
    """The share of runs in which something happened that never happens to a sound one.

    happened: bool[n]. One such run proves that the share is not zero, and Wilson's
    lower bound then lies above zero; without one the bound is zero. It is refuted where
    no run has it and Wilson's upper bound is below one half.
    """
    events = np.atleast_1d(np.asarray(happened, dtype=bool))
    share, low, high = wilson_interval(int(events.sum()), events.size)
    refuted = events.size > 0 and not events.any() and high < _RARE
    return Component(
        name, finite_or_none(share), low, high, 0.0, ">", "", low > 0.0, refuted
    )
