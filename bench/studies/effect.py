"""An effect as a page's content: ratios or differences of the metric, seed by seed."""

from math import exp, inf, isnan

import numpy as np

from ..statistics.intervals import finite_or_none


def effect_content(effect, gains, seeds, before, after, metric):
    """The `effect` dict of a fix: what the metric became of what it was.

    kind `ratio`: `ratio` [value, low, high] is after / before, the geometric mean of
    the pairs with its simultaneous interval, and `ratio90` [low, high] the interval of
    the equivalence test. kind `difference` (a linear metric): `difference` and
    `difference90`, after - before. kind `censored` (runs missed the target or
    diverged): the same keys, around the median pair; null is infinite or, for a value,
    undefined, and a ratio of 0 has an infinite baseline.
    better, worse, equal, missed, missed_baseline: counts of pairs and of runs. pairs:
    [seed, ratio or difference] each: null where only the fix missed, 0 where only the
    baseline did, 1 (a difference: 0) where both did.
    effect: the `Effect` of gains, float[n], on these seeds; before, after: float[n].
    """
    name = "ratio" if metric.scale == "log" else "difference"
    return {
        "kind": "censored" if effect.signs is not None else name,
        name: [changed(effect.value, metric), *_ends(effect.low, effect.high, metric)],
        f"{name}90": _ends(effect.low90, effect.high90, metric),
        "better": int(np.sum(gains > 0)),
        "worse": int(np.sum(gains < 0)),
        "equal": int(np.sum(gains == 0)),
        "missed": int(np.sum(~np.isfinite(after))),
        "missed_baseline": int(np.sum(~np.isfinite(before))),
        "pairs": [
            [seed, changed(float(gain), metric)]
            for seed, gain in zip(seeds, gains, strict=True)
        ],
    }


def changed(gain, metric):
    """A gain as what the metric became: after / before, or after - before."""
    return (_ratio if metric.scale == "log" else _difference)(gain, metric)


def _ends(low, high, metric):
    """Bounds of a gain, positive is better, as bounds of the metric in order."""
    ends = (high, low) if metric.better == "lower" else (low, high)
    return [changed(end, metric) for end in ends]


def _ratio(gain, metric):
    """after / before: 0 for an infinitely smaller one, None for an infinite one."""
    if gain is None or isnan(gain):
        return None
    logarithm = -gain if metric.better == "lower" else gain
    return None if logarithm == inf else finite_or_none(exp(min(logarithm, 700.0)))


def _difference(gain, metric):
    """after - before, None where it is infinite."""
    if gain is None:
        return None
    return finite_or_none(-gain if metric.better == "lower" else gain)
