"""Which fixes are best: those that nothing else is shown to beat."""

import math

import numpy as np

from ...reports.verdicts import HELPS
from ..statistics import improvements, paired_effect
from .evidence import metric_values

# The family of fixes that ask for more than the baseline was given.
NEW_DATA = "more data"


def best_fixes(evidence, judged):
    """The `best` dict of a question: {"fixes", "without_new_data"}.

    fixes: names of the fixes that tie for the first place, those first whose score on
    test rows is shown to be no worse, then the largest effect, then the shortest
    training; empty where none helps. Cures come before reliefs, and a fix whose
    guardrail failed is no candidate. Of two fixes one is better where it would help
    against the other: the paired interval of their difference excludes zero, and its
    centre is beyond delta. without_new_data: the same among the fixes that need no
    further rows.
    judged: verdict dicts of `judgement.judge`.
    """
    own = [fix for fix in judged if fix["family"] != NEW_DATA]
    among = {"fixes": judged, "without_new_data": own}
    return {
        key: [fix["name"] for fix in _tied(evidence, _candidates(fixes))]
        for key, fixes in among.items()
    }


def surest(judged):
    """Names of the fixes that help without harm, the surest gain first."""
    sound = [
        fix
        for fix in judged
        if fix["role"] == "fix" and fix["verdict"] in HELPS and not fix["guardrail"]
    ]
    sound.sort(key=lambda fix: -math.inf if fix["low"] is None else fix["low"])
    return [fix["name"] for fix in sound[::-1]]


def _candidates(judged):
    """The cures, or else the reliefs, that no guardrail speaks against."""
    sound = [fix for fix in judged if fix["role"] == "fix" and not fix["guardrail"]]
    for verdict in HELPS:
        if found := [fix for fix in sound if fix["verdict"] == verdict]:
            return found
    return []


def _tied(evidence, candidates):
    """The candidate with the largest effect, and those that it does not beat."""
    if not candidates:
        return []
    ordered = sorted(candidates, key=lambda fix: _rank(evidence, fix), reverse=True)
    leader, *others = ordered
    tied = [leader, *(f for f in others if not _beaten(evidence, f, leader, others))]
    return sorted(tied, key=_unproven)


def _unproven(fix):
    """Is it open whether it costs more than a point on test rows?"""
    score = fix["test_metric"]
    return not (score and score["not_worse"])


def _rank(evidence, fix):
    """Larger is better: the effect, and where that is infinite the median itself.

    Of the same effect to six digits the shorter training.
    """
    median, seconds = fix["metric"]["median"], fix["seconds"]["median"]
    brief = -math.inf if seconds is None else -seconds
    if fix["gain"] is not None:
        return round(fix["gain"], 6), 0.0, brief
    sign = -1 if evidence.scenario.metric.better == "lower" else 1
    return math.inf, -math.inf if median is None else sign * median, brief


def _beaten(evidence, fix, leader, others):
    """Would the leader help against the fix, among as many comparisons as others?"""
    metric, delta = evidence.scenario.metric, evidence.scenario.delta
    runs = [evidence.of(each["role"], each["name"]) for each in (fix, leader)]
    shared = set(evidence.shared_seeds(runs[0]))
    seeds = [seed for seed in evidence.shared_seeds(runs[1]) if seed in shared]
    if len(seeds) < 2:
        return False
    before, after = (metric_values(side, seeds, metric) for side in runs)
    effect = paired_effect(
        improvements(before, after, metric.scale, metric.better),
        delta,
        comparisons=len(others),
        test_over_train=evidence.test_over_train(metric.rows),
        censored=metric.censored or not np.isfinite([before, after]).all(),
    )
    low, value = effect.low, effect.value
    return low is not None and value is not None and low > 0 and value > delta
