"""Fixes that help, ranked by what they gain, and by what they gain for their price."""

from dataclasses import dataclass
from math import inf

from . import words
from .effect import centres, first_of
from .quick_look import quick_look
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
    the time, or the memory, as a multiple of the baseline's. Where the baseline has no
    finite value every gain is infinite: those come first, by what they reach, and by
    price the cheapest. A quick look, which times the best alone, ranks none by time,
    nor does a run on a noisy host.
    """
    helping = [fix for fix in remedies(result) if fix["verdict"] in HELPS]
    if len(helping) < 2:
        return []
    metric = result["metric"]
    helping.sort(key=lambda fix: _gain(fix, metric), reverse=True)
    by_time = [_worth(fix, "seconds") for fix in helping]
    if result["machine"]["noisy"] or (quick_look(result) and None in by_time):
        by_time = [None] * len(helping)
    measures = (
        [_gain(fix, metric) for fix in helping],
        by_time,
        [_worth(fix, "bytes") for fix in helping],
    )
    places = zip(*map(_places, measures), strict=True)
    return [
        Ranked(
            fix["label"],
            first_of(fix, metric),
            mine[0],
            mine[1],
            mine[2],
            fix.get("guardrail") or "",
        )
        for fix, mine in zip(helping, places, strict=True)
    ]


def leaders(ranked):
    """A sentence: which fix is first by each measure; empty where nothing is ranked.

    What fails a guardrail is no candidate.
    """
    sound = [row for row in ranked if not row.guardrail]
    said = []
    for name, what in (
        ("by_effect", "Most is gained by"),
        ("by_second", "for its time by"),
        ("by_byte", "for its memory by"),
    ):
        known = [row for row in sound if getattr(row, name) != words.MISSING]
        if known:
            least = min(int(getattr(row, name)) for row in known)
            first = [r.label for r in known if int(getattr(r, name)) == least]
            said.append(f"{what} {words.joined([f'“{label}”' for label in first])}")
    return f"{'; '.join(said)}." if said else ""


def _gain(fix, metric):
    """(is it infinite?, how large): comparable with others of one result."""
    if fix["gain"] is not None:
        return False, fix["gain"]
    reached = centres(fix)[0]
    if reached is None:
        return True, -inf
    return True, -reached if metric["better"] == "lower" else reached


def _worth(fix, price):
    """The gain by a unit of the price, as `_gain`; None where that is not known."""
    ratio = fix[price]["ratio"]
    if not ratio:
        return None
    return (True, -ratio) if fix["gain"] is None else (False, fix["gain"] / ratio)


def _places(values):
    """The place of each value as text, the largest first; equal ones share a place."""
    known = [value for value in values if value is not None]
    return [
        words.MISSING if value is None else _place(sum(v > value for v in known))
        for value in values
    ]


def _place(better):
    return Sortable(1 + better, 1 + better)
