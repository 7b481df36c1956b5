"""A sign of a trouble as the page shows it: a number against its threshold."""

from . import words

_SHARE, _RELATIVE = "share of ", "relative "  # beginnings of what is a percentage


def component(part, runs):
    """A sign of the symptom: its value, interval, threshold and whether it crosses.

    runs: of the baseline, that a share is a share of.
    """
    sign = {">=": "≥", "<=": "≤"}.get(part["comparison"], part["comparison"])
    value, between, threshold = _in_form(part, runs)
    known = part["low"] is not None and part["high"] is not None
    endless = part["value"] is None and part["fires"]
    return {
        "name": part["name"].removeprefix(_SHARE),
        "value": "no finite value" if endless else value,
        "interval": between if known else "",
        "threshold": f"{sign} {threshold}",
        "fires": part["fires"],
    }


def _in_form(part, runs):
    """(value, interval, threshold): counts of runs, percentages, ratios, quantities."""
    numbers = [part[name] for name in ("value", "low", "high", "threshold")]
    name, unit = part["name"], part["unit"]
    if not unit and "/" in name and not name.startswith(_RELATIVE):
        value, threshold = words.times(numbers[0]), words.times(numbers[3])
        return value, words.times_between(*numbers[1:3]), threshold
    share = not unit and name.startswith((_SHARE, _RELATIVE))
    said = [words.quantity(number, "share" if share else unit) for number in numbers]
    if name.startswith(_SHARE):
        said[0] = _of_runs(numbers[0], runs)
    return said[0], f"{said[1]} to {said[2]}", said[3]


def _of_runs(share, runs):
    """A share as a count, 5 of 5 runs; as a percentage where it is no such count."""
    count = (share or 0.0) * runs
    if share is None or not runs or abs(count - round(count)) > 1e-6:
        return words.percent(share)
    return f"{round(count)} of {runs} runs"
