"""Does a condition show the symptom? Its runs, as the detector reads them."""

from dataclasses import replace

import numpy as np

from ...scenarios.data.sources import SOURCES
from ..execution.examination import NUMBERS
from ..execution.explanation import agreements
from ..statistics import DETECTORS
from .evidence import MEASURED, column, metric_values

# What rules compare with, by name: tuned well, trained on new rows, or wider.
TUNED, NEW_ROWS, _WIDER = "tuned_reference", "new_rows", "wider"


def is_reference(fix):
    """Does a rule read this trial of a sweep? Others are only shown."""
    return fix in (TUNED, NEW_ROWS) or fix.startswith(_WIDER)


def detect(evidence, runs):
    """The `Detection` of the scenario's symptom on the runs of one condition."""
    seeds = evidence.shared_seeds(runs)
    detector = DETECTORS[evidence.scenario.symptom.detector]
    values = _values(evidence, runs, seeds)
    return detector(values, test_over_train=evidence.test_over_train("validation"))


def symptom_content(evidence):
    """The `symptom` of a result: what the rule says of the baseline."""
    symptom = evidence.scenario.symptom
    found = detect(evidence, evidence.baseline)
    return {
        "detector": symptom.detector,
        "rule": symptom.rule,
        "look": symptom.look,
        "fires": found.fires,
        "refuted": found.refuted,
        "components": [vars(component) for component in found.components],
    }


def _values(evidence, runs, seeds):
    """Stored values as arrays, with what the rule compares them with beside them."""
    scenario = evidence.scenario
    names = {name for seed in seeds for name in runs[seed].values}
    values: dict = {name: column(runs, seeds, name) for name in sorted(names)}
    values["status"] = [runs[seed].status for seed in seeds]
    values |= _first_steps(evidence, runs, seeds)
    values |= _stability(evidence, runs, seeds)
    values |= _capacity(evidence, seeds)
    values |= _lost(evidence, runs, seeds)
    reference = evidence.of("sweep", TUNED)
    if all(seed in reference for seed in seeds) and reference:
        metric = _cost(scenario)
        values["evaluations_to_target"] = metric_values(runs, seeds, metric)
        values["reference_evaluations"] = metric_values(reference, seeds, metric)
        values["evaluations_budget"] = np.full(len(seeds), _budget(evidence, seeds))
    return values


def _stability(evidence, runs, seeds):
    """Rank correlations of the explanations of seeds, where a rule asks for them.

    Nothing where the columns of seeds are not the same, so that none can be had.
    """
    data = evidence.scenario.baseline.data
    asked = evidence.scenario.baseline.explanation is not None
    if not asked or not SOURCES[data.name].same_columns:
        return {}
    importances = [runs[seed].curves.get("importance") for seed in seeds]
    return {"importance_spearman": agreements(importances, data)}


def _cost(scenario):
    """The metric that a reference is compared by: passes where there is a target."""
    if scenario.baseline.target is None:
        return scenario.metric
    return replace(scenario.metric, name="evaluations_to_target", better="lower")


def _first_steps(evidence, runs, seeds):
    """What the diagnosed first steps of a condition tell, of the seeds that have some.

    A rule on the first steps reads nothing else.
    """
    examined = evidence.examinations.get(runs[seeds[0]].fix, {}) if seeds else {}
    known = [s for s in seeds if s in examined and examined[s].status in MEASURED]
    return {name: column(examined, known, name) for name in NUMBERS} if known else {}


def _budget(evidence, seeds):
    """Passes the baseline was given: a missed target is at least that far."""
    passes = column(evidence.baseline, seeds, "epochs")
    return float(np.nanmax(passes)) if np.isfinite(passes).any() else np.inf


def _lost(evidence, runs, seeds):
    """Validation accuracy lost beside the reference that is trained on new rows."""
    reference = evidence.of("sweep", NEW_ROWS)
    if not seeds or not set(seeds) <= set(reference):
        return {}
    sides = (column(each, seeds, "val_metric") for each in (reference, runs))
    reached, known = sides
    return {"accuracy_lost": reached - known}


def _capacity(evidence, seeds):
    """Best training loss over the wider networks, and the validation of the doubled."""
    wider = {
        fix: runs
        for (role, fix), runs in evidence.runs.items()
        if role == "sweep" and fix.startswith(_WIDER) and set(seeds) <= set(runs)
    }
    if not wider or not seeds:
        return {}
    losses = np.stack([column(runs, seeds, "train_loss") for runs in wider.values()])
    doubled = wider.get("wider_x2")
    return {
        "best_sweep_train_loss": np.nanmin(losses, axis=0),
        "wider_val_metric": column(doubled, seeds, "val_metric") if doubled else None,
        "delta": 0.01,
    }
