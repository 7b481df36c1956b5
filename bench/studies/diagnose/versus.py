"""The network beside models that need no tuning: who wins, on the same folds."""

from typing import Any

import numpy as np

from ...statistics import improvements, paired_effect
from ...statistics.intervals import finite_or_none, mean_interval
from ..effect import effect_content
from ..evidence import metric_values
from .baselines import BASELINES, DUMMY, baseline_scores
from .experiment import Experiment

WINS, TIES, LOSES = "beats the network", "no difference shown", "loses to the network"


def baseline_values(experiment: Experiment, progress) -> dict[str, np.ndarray]:
    """{baseline: float[folds]} of the metric; those without time left are missing."""
    found = {}
    for place, baseline in enumerate(BASELINES):
        if experiment.expired and found:
            experiment.skipped[baseline.label] = "the time given by --budget was over"
            continue
        progress(place, len(BASELINES), f"Baselines: {baseline.label.lower()}")
        found[baseline.name] = baseline_scores(
            baseline.name, experiment.folds, experiment.how.scoring
        )
    return found


def compared(
    values: dict[str, np.ndarray], runs: dict, experiment: Experiment, overlap: float
) -> list[dict[str, Any]]:
    """A dict a baseline: its value with an interval, its effect beside some runs.

    verdict: `WINS` where it improves on them by more than the smallest effect that
    matters, its whole interval on the better side; `LOSES` mirrored; else `TIES`.
    overlap: judged rows / training rows, for the intervals.
    """
    metric, delta = experiment.how.scoring.shown, experiment.how.scoring.delta
    ours = metric_values(runs, list(runs), metric)
    rows = []
    for baseline in BASELINES:
        if baseline.name not in values:
            continue
        theirs = values[baseline.name]
        gains = improvements(ours, theirs, metric.scale, metric.better)
        effect = paired_effect(
            gains,
            delta,
            comparisons=len(values),
            test_over_train=overlap,
            censored=not np.isfinite(gains).all(),
        )
        rows.append(
            {
                "name": baseline.name,
                "label": baseline.label,
                "model": baseline.code,
                **centre(theirs, overlap),
                "effect": effect_content(
                    effect, gains, list(runs), ours, theirs, metric
                ),
                "gain": finite_or_none(effect.value),
                "low": finite_or_none(effect.low),
                "high": finite_or_none(effect.high),
                "verdict": _verdict(effect, delta),
            }
        )
    return rows


def _verdict(effect, delta):
    if effect.low is not None and effect.low > 0 and (effect.value or 0) > delta:
        return WINS
    if effect.high is not None and effect.high < 0 and (effect.value or 0) < -delta:
        return LOSES
    return TIES


def centre(values: np.ndarray, overlap: float | None) -> dict[str, float | None]:
    """mean, from, to: of float[n] with the 95 % interval of splits of one data set."""
    if not np.isfinite(values).all():
        return {"mean": None, "from": None, "to": None}
    found = mean_interval(values, test_over_train=overlap)
    return {
        "mean": found.value,
        "from": finite_or_none(found.low),
        "to": finite_or_none(found.high),
    }


def winner(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The baseline that beats the network most surely, None where none does."""
    wins = [row for row in rows if row["verdict"] == WINS and row["name"] != DUMMY]
    return max(wins, key=lambda row: row["low"], default=None)


def beaten_by_guessing(rows: list[dict[str, Any]]) -> bool:
    """Is guessing as good as the network, as far as these folds can tell?"""
    return any(row["name"] == DUMMY and row["verdict"] != LOSES for row in rows)
