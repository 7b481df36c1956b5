"""What a fix costs: seconds, bytes, and the metric on test rows."""

import numpy as np

from ..execution.watched import signs_of
from ..measurement.noise import HostNoise, worst
from ..statistics.intervals import mean_interval
from .evidence import BASELINE, column

# The test metric may fall by one point before a fix is said to cost accuracy.
_POINT = 0.01
_UNWATCHED = "Nobody watched the host while some of them were taken."


def price(evidence, runs, seeds):
    """Seconds, bytes and the test metric of a fix beside the baseline's.

    seconds: `median` of a training, its `ratio` to the baseline's, and `interval`
    [ratio, low, high] at 95 %: of the passes that were timed in turns, times the passes
    trained; None where they were not timed.
    """
    guarded = evidence.scenario.baseline.memory.budget is not None
    # Of a model in the network's place nothing predicts the bytes.
    values = runs[seeds[0]].values
    alone = "peak_bytes" in values and "predicted_bytes" not in values
    name = "peak_bytes" if guarded or alone else "predicted_bytes"
    after, before = (column(r, seeds, name) for r in (runs, evidence.baseline))
    if alone and not guarded:
        before = _peaks_of_passes(evidence, seeds)
    if evidence.scenario.metric.name == "seconds_per_step":
        after, before = ([r[s].bytes for s in seeds] for r in (runs, evidence.baseline))
    return {
        "seconds": _seconds(evidence, runs, seeds),
        "bytes": _median_and_ratio(after, before),
        "bytes_kind": "measured" if guarded or alone else "predicted",
        "test_metric": _test_metric(evidence, runs, seeds),
    }


def _peaks_of_passes(evidence, seeds):
    """What a pass of the baseline held at once, as measured where it was timed."""
    timed = evidence.prices.get(BASELINE)
    peak = timed.values.get("peak_bytes") if timed else None
    return [peak] * len(seeds)


NO_PRICE = {
    "seconds": {"median": None, "ratio": None, "interval": None},
    "bytes": {"median": None, "ratio": None},
    "bytes_kind": "predicted",
    "test_metric": None,
}


def noise_of(evidences):
    """The `HostNoise` while what these compare was timed, wherever that was.

    Whatever was timed while nobody watched the host counts as timed on a noisy one.
    None where nothing was timed.
    """
    signs, watched = _worst_signs(evidences)
    if not watched:
        return HostNoise(True, (_UNWATCHED,))
    return signs and signs.noise()


def roughness_of(evidences):
    """By what factor, on either side, noise makes the intervals of times wider.

    1 on a quiet host, and where nothing was timed; None where nothing tells.
    """
    signs, watched = _worst_signs(evidences)
    if not watched:
        return None
    return signs.factor if signs else 1.0


def _worst_signs(evidences):
    """(the worst `Signs` of what was timed, None of nothing; was all of it watched?)"""
    runs = [run for evidence in evidences for run in evidence.timed]
    known = [signs for signs in map(signs_of, runs) if signs]
    return worst(known), len(known) == len(runs)


def roughened(fixes, factor):
    """The verdict dicts of a noisy host: intervals of times are `factor` wider.

    None: no time is compared with another.
    """
    return [fix | {"seconds": _rough(fix["seconds"], factor)} for fix in fixes]


def _rough(seconds, factor):
    if factor is None or seconds["interval"] is None:
        return seconds | {"ratio": None, "interval": None}
    ratio, low, high = seconds["interval"]
    return seconds | {"interval": [ratio, low / factor, high * factor]}


def _seconds(evidence, runs, seeds):
    """Timed in turns: passes of a sitting, or whole runs that alternated by seed."""
    fix = runs[seeds[0]].fix
    both = [evidence.prices.get(name) for name in (fix, BASELINE)]
    if all(both):
        sides = ((both[0], runs), (both[1], evidence.baseline))
        after, before = (_training(run, of, seeds) for run, of in sides)
    elif evidence.in_turns:
        sides = (runs, evidence.baseline)
        after, before = (_array([r[s].seconds for s in seeds]) for r in sides)
    else:
        return NO_PRICE["seconds"]
    if not (np.isfinite(after).all() and np.isfinite(before).all()):
        return NO_PRICE["seconds"]
    interval = [float(np.exp(end)) for end in mean_interval(np.log(after / before))]
    return {
        "median": float(np.median(after)),
        "ratio": interval[0],
        "interval": interval,
    }


def _training(run, runs, seeds):
    """float[rounds]: seconds of training, and of what follows it."""
    passes = np.array(run.curves["seconds_per_epoch"]) * _passes(runs, seeds)
    later = np.array(run.curves.get("seconds_per_tuning_epoch", 0.0))
    explaining = np.array(run.curves.get("explanation_seconds", 0.0))
    return passes + later * run.values.get("tuning_epochs", 0) + explaining


def _passes(runs, seeds):
    """Median passes over the data, of all members of an ensemble.

    Those of a warm start too. A run that diverged would have cost its whole.
    """
    passes = [
        runs[s].trial.get("members", 1)
        * (
            runs[s].trial["epochs"]
            if runs[s].status == "diverged"
            else runs[s].values["epochs"]
        )
        + runs[s].values.get("earlier_passes", 0.0)
        for s in seeds
    ]
    return float(np.median(passes))


def _array(numbers):
    return np.array([np.nan if n is None else n for n in numbers], dtype=float)


def _median_and_ratio(values, baseline):
    value, base = _array(values), _array(baseline)
    if not np.isfinite(value).all():
        return {"median": None, "ratio": None}
    known = bool(np.isfinite(base).all())
    return {
        "median": float(np.median(value)),
        "ratio": float(np.median(value / base)) if known else None,
    }


def _test_metric(evidence, runs, seeds):
    after, before = (_scores(each, seeds) for each in (runs, evidence.baseline))
    if np.isnan(after).all():
        return None
    classes = evidence.scenario.baseline.loss not in ("mse", "huber")
    return {
        "name": "accuracy" if classes else "R²",
        "mean": finite_mean(after),
        "baseline_mean": finite_mean(before),
        "not_worse": _not_worse(after - before, evidence.test_over_train("test")),
    }


def _scores(runs, seeds):
    """float[n]: the metric on test rows; what a run that diverged has is no number."""
    ended = np.array([runs[seed].status != "diverged" for seed in seeds])
    return np.where(ended, column(runs, seeds, "test_metric"), np.nan)


def finite_mean(values):
    """The mean of float[n], None where one of them is not finite."""
    return float(values.mean()) if np.isfinite(values).all() else None


def _not_worse(gains, test_over_train):
    """True or False where the 90 % interval lies on one side of minus a point.

    None where it does not, or where a run left no number.
    """
    if not np.isfinite(gains).all():
        return None
    bounds = mean_interval(gains, 0.90, test_over_train)
    if bounds.low > -_POINT:
        return True
    return False if bounds.high < -_POINT else None
