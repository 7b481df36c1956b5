"""What many simulated studies come to: false alarms, and how often intervals cover."""

from collections.abc import Iterable

import numpy as np

from ....reports.verdicts import HELPS
from ...statistics import improvements, paired_effect
from ...statistics.intervals import mean_interval
from ..doses import RATE
from ..evidence import metric_values
from .simulation import Simulated

LEVEL = 0.95  # of the intervals whose coverage is counted


def false_alarms(studies: Iterable[Simulated]) -> dict[str, int]:
    """Counts over studies in which no fix does anything.

    helped: studies in which any fix is said to help; worse: to harm. unfair: in which
    any would be said to help, were it judged on the seeds that chose its dose.
    """
    studies = list(studies)

    def with_verdict(*names):
        return sum(any(f["verdict"] in names for f in s.fixes) for s in studies)

    return {
        "studies": len(studies),
        "helped": with_verdict(*HELPS),
        "worse": with_verdict("worse"),
        "unfair": sum(map(_helps_unfairly, studies)),
        "trainings": sum(map(trainings, studies)),
    }


def trainings(study: Simulated) -> int:
    """How many networks a study trained."""
    parts = study.losses.values()
    return sum(len(values) for part in parts for values in part.values())


def _helps_unfairly(study):
    evidence = study.evidence
    dosages, scenario = dict(evidence.dosages), evidence.scenario
    rate = dosages.pop(RATE)
    before = rate.runs[rate.chosen]
    for dosage in dosages.values():
        gains = _gains(before, dosage.runs[dosage.chosen], dosage.metric)
        effect = paired_effect(gains, scenario.delta, comparisons=len(dosages))
        low, value = effect.low, effect.value
        if low is not None and value is not None and low > 0 and value > scenario.delta:
            return True
    return False


def _gains(before, after, metric):
    seeds = sorted({*before} & {*after})
    old, new = (metric_values(runs, seeds, metric) for runs in (before, after))
    return improvements(old, new, metric.scale, metric.better)


def coverage(studies: Iterable[tuple[Simulated, float]]) -> list[int]:
    """[covered, intervals]: of the fixes' 95 % intervals, those that hold the truth.

    studies: each with the true gain of its fixes, on the scale of improvements.
    """
    covered = total = 0
    for study, truth in studies:
        evidence = study.evidence
        metric = evidence.scenario.metric
        for fix in evidence.scenario.fixes:
            gains = _gains(evidence.baseline, evidence.of("fix", fix.name), metric)
            overlap = evidence.test_over_train(metric.rows)
            _, low, high = mean_interval(gains, LEVEL, overlap)
            covered += bool(low <= truth <= high)
            total += 1
    return [covered, total]


def true_gain(before: np.ndarray, after: np.ndarray) -> list[float]:
    """[mean, standard error] of the gain over many fresh seeds, on the log scale."""
    gains = improvements(before, after, "log", "lower")
    return [float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(gains.size))]
