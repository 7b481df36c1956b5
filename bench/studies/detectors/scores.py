"""Right and wrong verdicts, counted: precision, recall and F1 with their intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....scenarios.severities import SEVERITIES, TROUBLES
from ...statistics.intervals import Interval, finite_or_none, wilson_interval


@dataclass(frozen=True)
class RuleVerdict:
    """A verdict on one run, or on a group of runs.

    trouble: what was caused, None for a sound training; epoch: since when the rule
    names its trouble, None where it does not.
    """

    trouble: str | None
    severity: str
    epoch: int | None


def truth(trouble: str | None, detector: str) -> bool | None:
    """Must a detector fire on a trouble? None where it may, which counts neither way.

    A sound training, trouble None, has none to name.
    """
    if trouble is None:
        return False
    about = TROUBLES[trouble]
    if about.shows == detector:
        return True
    return None if detector in about.may_show else False


def score(detector: str, severity: str | None, judged: Sequence[RuleVerdict]) -> dict:
    """Counts and their shares at one severity, None for all, beside sound trainings."""
    wanted = SEVERITIES if severity is None else (severity,)
    mine = [j for j in judged if j.trouble is None or j.severity in wanted]
    ill = [j for j in mine if truth(j.trouble, detector) is True]
    well = [j for j in mine if truth(j.trouble, detector) is False]
    tp, fp = (sum(j.epoch is not None for j in each) for each in (ill, well))
    fn, tn = len(ill) - tp, len(well) - fp
    epochs = [j.epoch for j in ill if j.epoch is not None]
    healthy = [j for j in well if j.trouble is None]
    return {
        "severity": severity or "all",
        "counts": {"tp": tp, "fp": fp, "fn": fn, "tn": tn},
        "healthy": [sum(j.epoch is not None for j in healthy), len(healthy)],
        "precision": _told(wilson_interval(tp, tp + fp)),
        "recall": _told(wilson_interval(tp, tp + fn)),
        "f1": _told(f1_interval(tp, fp, fn)),
        "epochs": float(np.median(epochs)) if epochs else None,
    }


def f1_interval(tp: int, fp: int, fn: int) -> Interval:
    """F1 = 2 TP / (2 TP + FP + FN) with a 95 % interval.

    F1 = 2 J / (1 + J) rises with the share J = TP / (TP + FP + FN), whose interval is
    Wilson's.
    """
    return Interval(*(2 * j / (1 + j) for j in wilson_interval(tp, tp + fp + fn)))


def _told(interval: Iterable[float]) -> list[float | None]:
    return [finite_or_none(number) for number in interval]


def fired(
    judged: Sequence[RuleVerdict], trouble: str | None, severity: str
) -> list[int]:
    """[how many are named, of how many] of one trouble at one severity."""
    mine = [j for j in judged if (j.trouble, j.severity) == (trouble, severity)]
    return [sum(j.epoch is not None for j in mine), len(mine)]


def reaches(found: dict[str, Any], share: float) -> bool:
    """Are precision and recall at least this?"""
    return all((found[name][0] or 0.0) >= share for name in ("precision", "recall"))
