"""Fixes that help, ranked by what they gain, and by what they gain for their price."""

from dataclasses import dataclass

from . import words
from .effect import first_of
from .sortable import Sortable
from .verdicts import HELPS, remedies


@dataclass(frozen=True)
class Ranked:
    """A fix with its places, texts; – where a price is not known.

    effect: its own; by_effect, by_second, by_byte: places from 1. guardrail: why it is
    no candidate for the first place, or empty.
    """

    label: str
    effect: str
    by_effect: str
    by_second: str
    by_byte: str
    guardrail: str


def ranking(result):
    """`Ranked` of every fix that helps, largest gain first; none of fewer than two.

    The gain is the logarithm of the metric's ratio, or its difference; its price is
    the time, or the memory, as a multiple of the baseline's.
    """
    helping = [fix for fix in remedies(result) if fix["verdict"] in HELPS]
    helping = [fix for fix in helping if fix["gain"] is not None]
    if len(helping) < 2:
        return []
    helping.sort(key=lambda fix: -fix["gain"])
    measures = (
        [fix["gain"] for fix in helping],
        [_worth(fix, "seconds") for fix in helping],
        [_worth(fix, "bytes") for fix in helping],
    )
    places = zip(*map(_places, measures), strict=True)
    return [
        Ranked(
            fix["label"],
            first_of(fix, result["metric"]),
            mine[0],
            mine[1],
            mine[2],
            fix.get("guardrail") or "",
        )
        for fix, mine in zip(helping, places, strict=True)
    ]


def _worth(fix, price):
    """The gain by a unit of the price, None where that is not known."""
    ratio = fix[price]["ratio"]
    return fix["gain"] / ratio if ratio else None


def _places(values):
    """The place of each value as text, the largest first; equal ones share a place."""
    known = [value for value in values if value is not None]
    return [
        words.MISSING if value is None else _place(sum(v > value for v in known))
        for value in values
    ]


def _place(better):
    return Sortable(1 + better, 1 + better)
