"""The best fixes two at a time: do their effects add up, or cancel?"""

from itertools import combinations

import numpy as np

from ..execution.task import Condition, Task, kind_of
from ..statistics import improvements
from ..statistics.effects import ALPHA
from ..statistics.intervals import mean_interval
from .best import surest
from .effect import changed
from .evidence import PAIR, metric_values

# So many of the best fixes are tried in all pairs.
BEST = 4
_JOIN = " + "


def pair_tasks(question, judged):
    """The tasks of all pairs of the best fixes, on the first seeds.

    None in a quick look, where the metric is timed or measured alone, or where fewer
    than two fixes help. judged: verdict dicts of `judgement.judge`.
    """
    scenario = question.scenario
    trained = kind_of(scenario.baseline, scenario.metric.name) == "train"
    if not (trained and question.tuning):
        return []
    return [
        Task(Condition(scenario.name, name, PAIR, trial), question.seeds, "train")
        for name, trial in _trials(scenario, judged)
    ]


def _trials(scenario, judged):
    """(name, trial) of each pair that sets nothing twice: the order does not matter."""
    fixes = {fix.name: fix for fix in scenario.fixes}
    for names in combinations(surest(judged)[:BEST], 2):
        first, second = (fixes[name].treated for name in names)
        alone = {first(scenario.baseline), second(scenario.baseline)}
        both = _together(scenario.baseline, first, second)
        same = both == _together(scenario.baseline, second, first)
        if both and same and both not in alone:
            yield _JOIN.join(names), both


def _together(trial, first, then):
    """The trial changed by both; None where the first replaces what the other needs."""
    try:
        return then(first(trial))
    except ValueError:
        return None


def pairs_content(evidence):
    """The `pairs` of a result, see `schemas/scenario.json`; [] where none was run.

    together, apart, interaction: [value, low, high] of what becomes of the metric: by
    both fixes; as both would have it if each had its effect whatever the other does;
    and the first of these relative to the second. Each holds for all pairs jointly
    with 95 %. reading: see `_reading`.
    """
    known = {fix.name: fix for fix in evidence.scenario.fixes}
    content = []
    for name, runs in evidence.pairs.items():
        fixes = [known[part] for part in name.split(_JOIN)]
        gains = _gains(evidence, runs, [fix.name for fix in fixes])
        if gains is None:
            continue
        both, first, second = gains
        found = {
            "together": both,
            "apart": first + second,
            "interaction": both - first - second,
        }
        content.append(
            {
                "fixes": [fix.name for fix in fixes],
                "labels": [fix.label for fix in fixes],
                "n": len(both),
                **{key: _changed(evidence, gains) for key, gains in found.items()},
                "reading": _reading(evidence, found["interaction"]),
            }
        )
    return content


def _gains(evidence, runs, names):
    """float[3, n]: gains of both and of each alone on the seeds that all share."""
    metric = evidence.scenario.metric
    sides = [runs, *(evidence.of("fix", name) for name in names)]
    shared = [set(evidence.shared_seeds(side)) for side in sides]
    seeds = sorted(set.intersection(*shared))
    if len(seeds) < 2:
        return None
    before = metric_values(evidence.baseline, seeds, metric)
    gains = np.array(
        [
            improvements(
                before, metric_values(side, seeds, metric), metric.scale, metric.better
            )
            for side in sides
        ]
    )
    return gains if np.isfinite(gains).all() else None


def _interval(evidence, gains):
    level = 1 - ALPHA / max(1, len(evidence.pairs))
    ratio = evidence.test_over_train(evidence.scenario.metric.rows)
    return mean_interval(gains, level, ratio)


def _changed(evidence, gains):
    """A mean gain with its interval as what the metric became, ends in order."""
    value, low, high = _interval(evidence, gains)
    metric = evidence.scenario.metric
    ends = (high, low) if metric.better == "lower" else (low, high)
    return [changed(gain, metric) for gain in (value, *ends)]


def _reading(evidence, interaction):
    """`adds up`, `helps the other`, `cancels` or `undecided`, by delta."""
    _, low, high = _interval(evidence, interaction)
    delta = evidence.scenario.delta
    if low > 0:
        return "helps the other"
    if high < 0:
        return "cancels"
    return "adds up" if -delta < low and high < delta else "undecided"
