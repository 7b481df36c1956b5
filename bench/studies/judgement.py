"""From paired runs to a verdict with its interval and its price, one fix at a time."""

import numpy as np

from ...reports.reasons import NOT_MEASURED, harm, lost_runs, verdict_reason
from ...reports.verdicts import HELPS
from ..statistics import (
    guarded,
    improvements,
    needs_extension,
    paired_effect,
    verdict,
)
from ..statistics.intervals import finite_or_none
from .doses import dosage_content
from .effect import effect_content
from .evidence import CONTROLS, MEASURED, metric_values
from .price import NO_PRICE, finite_mean, price
from .symptom import detect

_CENTRES = ("mean", "baseline_mean", "median", "baseline_median")


def judge(evidence, looks):
    """The verdict dict of every fix and control of a scenario.

    looks: how often the data may be judged, 2 where inconclusive fixes get more seeds.
    See `fix` of `schemas/scenario.json`.
    """
    scenario = evidence.scenario
    fixes = [("fix", fix) for fix in scenario.fixes]
    controls = [(role, getattr(scenario.controls, role)) for role in CONTROLS]
    return [
        judge_one(evidence, role, fix, max(1, len(scenario.fixes)), looks)
        for role, fix in (*fixes, *controls)
    ]


def judge_one(evidence, role, fix, comparisons, looks=1):
    """The verdict dict of one fix among `comparisons`; the rest as of `judge`."""
    runs = evidence.of(role, fix.name)
    seeds = evidence.shared_seeds(runs)
    about = {
        "name": fix.name,
        "label": fix.label,
        "family": fix.family,
        "claim": fix.claim,
        "strength": fix.strength,
        "dose": dosage_content(evidence.dosages.get(fix.name)),
        "role": role,
        "n": len(seeds),
        "status": _counts(run.status for run in runs.values()),
    }
    if len(seeds) < 2:
        return about | _not_measurable(runs)
    return about | _measured(evidence, runs, seeds, comparisons, looks)


def _measured(evidence, runs, seeds, comparisons, looks):
    metric, delta = evidence.scenario.metric, evidence.scenario.delta
    before = metric_values(evidence.baseline, seeds, metric)
    after = metric_values(runs, seeds, metric)
    gains = improvements(before, after, metric.scale, metric.better)
    effect = paired_effect(
        gains,
        delta,
        comparisons=comparisons,
        looks=looks,
        test_over_train=evidence.test_over_train(metric.rows),
        censored=evidence.censored,
    )
    symptom, costs = detect(evidence, runs), price(evidence, runs, seeds)
    hurt = None if metric.pays_accuracy else harm(costs["test_metric"])
    plain = verdict(effect, delta, symptom.refuted)
    found = guarded(plain, hurt is not None)
    content = {
        "effect": effect_content(effect, gains, seeds, before, after, metric),
        **_numbers(effect),
        "verdict": found.name,
        "verdict_reason": None,
        "symptom_fires": symptom.fires,
        "refuted": symptom.refuted,
        "guardrail": hurt,
        "metric": _centres(before, after, effect.signs is not None),
        **costs,
        "note": _note(runs),
        "undecided": needs_extension(plain, effect),
    }
    reason = verdict_reason(found.why, content | {"n": len(seeds)})
    return content | {"verdict_reason": reason}


def _numbers(effect):
    """The effect on the scale of the improvements; what is infinite is None."""
    return {
        "gain": finite_or_none(effect.value),
        "low": finite_or_none(effect.low),
        "high": finite_or_none(effect.high),
        "low90": finite_or_none(effect.low90),
        "high90": finite_or_none(effect.high90),
        "level": effect.level,
        "sd_over_delta": effect.sd_over_delta,
    }


def _not_measurable(runs):
    empty = ("effect", "gain", "low", "high", "low90", "high90", "level")
    return dict.fromkeys((*empty, "sd_over_delta")) | {
        "verdict": "not measurable",
        "verdict_reason": NOT_MEASURED,
        "symptom_fires": None,
        "refuted": None,
        "guardrail": None,
        "metric": dict.fromkeys(_CENTRES),
        **NO_PRICE,
        "note": _note(runs),
        "undecided": False,
    }


def _counts(statuses):
    counts = {}
    for status in statuses:
        counts[status] = counts.get(status, 0) + 1
    return counts


def _centres(before, after, censored):
    """Means, and medians; beside a miss no mean of what the others needed."""
    means = (None, None) if censored else (finite_mean(after), finite_mean(before))
    medians = (finite_or_none(float(np.median(side))) for side in (after, before))
    return dict(zip(_CENTRES, (*means, *medians), strict=True))


def _note(runs):
    lost = [run for run in runs.values() if run.status not in MEASURED]
    return lost_runs(len(lost), len(runs), lost[0].reason) if lost else None


def controls_of(judged):
    """Did the three controls behave? Two must not help, one must; None: not run."""
    rows = []
    for fix in judged:
        if fix["role"] not in CONTROLS:
            continue
        must_help = fix["role"] == "positive"
        helped = fix["verdict"] in HELPS
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
