"""From paired runs to a verdict with its interval and its price, one fix at a time."""

from dataclasses import asdict

import numpy as np

from ..statistics import improvements, needs_extension, paired_effect, verdict
from ..statistics.intervals import mean_interval
from .evidence import CONTROLS, MEASURED, column, metric_values
from .symptom import detect

# The test metric may fall by one point before a fix is said to cost accuracy.
_POINT = 0.01


def judge(evidence, looks):
    """The verdict dict of every fix and control of a scenario.

    looks: how often the data may be judged, 2 where inconclusive fixes get more seeds.
    """
    scenario = evidence.scenario
    fixes = [("fix", fix) for fix in scenario.fixes]
    controls = [(role, getattr(scenario.controls, role)) for role in CONTROLS]
    return [
        _judge_one(evidence, role, fix, max(1, len(scenario.fixes)), looks)
        for role, fix in (*fixes, *controls)
    ]


def _judge_one(evidence, role, fix, comparisons, looks):
    runs = evidence.of(role, fix.name)
    seeds = evidence.shared_seeds(runs)
    about = {
        "name": fix.name,
        "label": fix.label,
        "family": fix.family,
        "claim": fix.claim,
        "role": role,
        "n": len(seeds),
        "status": _counts(run.status for run in runs.values()),
    }
    if len(seeds) < 2:
        return about | _not_measurable(runs)
    scenario = evidence.scenario
    before = metric_values(evidence.baseline, seeds, scenario.metric)
    after = metric_values(runs, seeds, scenario.metric)
    gains = improvements(before, after, scenario.metric.scale, scenario.metric.better)
    effect = paired_effect(
        gains,
        scenario.delta,
        comparisons=comparisons,
        looks=looks,
        test_over_train=evidence.test_over_train(scenario.metric.rows),
    )
    fires = detect(evidence, runs).fires
    found = verdict(effect, scenario.delta, symptom_fires=fires)
    numbers = asdict(effect)
    return about | {
        "effect": numbers["mean"],
        **{k: numbers[k] for k in ("low", "high", "low90", "high90", "level")},
        "sd_over_delta": numbers["sd_over_delta"],
        "verdict": found.name,
        "verdict_reason": _reason(found, before, after),
        "symptom_fires": fires,
        "metric": _means(before, after),
        **_price(evidence, runs, seeds),
        "note": _note(runs),
        "undecided": needs_extension(found, effect),
    }


def _reason(found, before, after):
    if not np.isfinite(before).any() and not np.isfinite(after).any():
        return "It fails on every seed, as the baseline does: nothing is gained."
    return found.reason


def _not_measurable(runs):
    empty = ("effect", "low", "high", "low90", "high90", "level", "sd_over_delta")
    return dict.fromkeys(empty) | {
        "verdict": "not measurable",
        "verdict_reason": "Fewer than two seeds were measured, so nothing can be said.",
        "symptom_fires": None,
        "metric": {"mean": None, "baseline_mean": None},
        "seconds": {"median": None, "ratio": None},
        "bytes": {"median": None, "ratio": None},
        "bytes_kind": "predicted",
        "test_metric": None,
        "note": _note(runs),
        "undecided": False,
    }


def _counts(statuses):
    counts = {}
    for status in statuses:
        counts[status] = counts.get(status, 0) + 1
    return counts


def _means(before, after):
    return {"mean": _finite_mean(after), "baseline_mean": _finite_mean(before)}


def _finite_mean(values):
    return float(values.mean()) if np.isfinite(values).all() else None


def _price(evidence, runs, seeds):
    """Seconds, bytes and the test metric of a fix beside the baseline's."""
    measured = evidence.scenario.baseline.memory.budget is not None
    size = "peak_bytes" if measured else "predicted_bytes"
    spent = ([r[s].seconds for s in seeds] for r in (runs, evidence.baseline))
    sizes = (column(r, seeds, size) for r in (runs, evidence.baseline))
    if evidence.scenario.metric.name == "seconds_per_step":
        sizes = ([r[s].bytes for s in seeds] for r in (runs, evidence.baseline))
    return {
        "seconds": _median_and_ratio(*spent),
        "bytes": _median_and_ratio(*sizes),
        "bytes_kind": "measured" if measured else "predicted",
        "test_metric": _test_metric(evidence, runs, seeds),
    }


def _median_and_ratio(values, baseline):
    value, base = (
        np.array([np.nan if v is None else v for v in part], dtype=float)
        for part in (values, baseline)
    )
    if not (np.isfinite(value).all() and np.isfinite(base).all()):
        return {"median": None, "ratio": None}
    return {
        "median": float(np.median(value)),
        "ratio": float(np.median(value / base)),
    }


def _test_metric(evidence, runs, seeds):
    after = column(runs, seeds, "test_metric")
    before = column(evidence.baseline, seeds, "test_metric")
    if np.isnan(after).all():
        return None
    classes = evidence.scenario.baseline.loss not in ("mse", "huber")
    return {
        "name": "accuracy" if classes else "R²",
        "mean": _finite_mean(after),
        "baseline_mean": _finite_mean(before),
        "not_worse": _not_worse(after - before, evidence.test_over_train("test")),
    }


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


def _note(runs):
    lost = [run for run in runs.values() if run.status not in MEASURED]
    if not lost:
        return None
    return f"{len(lost)} of {len(runs)} runs were not measured: {lost[0].reason}"


def controls_of(judged):
    """Did the three controls behave? Two must not help, one must; None: not run."""
    rows = []
    for fix in judged:
        if fix["role"] not in CONTROLS:
            continue
        must_help = fix["role"] == "positive"
        helped = fix["verdict"] in ("cured", "relieved")
        rows.append(
            {
                "name": fix["name"],
                "label": fix["label"],
                "role": fix["role"],
                "expected": "must help" if must_help else "must not help",
                "verdict": fix["verdict"],
                "behaved": None
                if fix["verdict"] == "not measurable"
                else helped == must_help,
            }
        )
    return rows
