"""What else is wrong: every other detector that the examination feeds, on a scenario.

The baseline, and its healthy twin (the positive control), took their first steps with
every layer measured; the trained networks of the baseline were explained.
"""

import numpy as np

from ..execution.examination import NUMBERS, STEPS
from ..execution.explanation import NUMBERS as EXPLANATIONS
from ..execution.explanation import agreements
from ..statistics import DETECTORS, READS
from .evidence import BASELINE, MEASURED, column


def also_seen(evidence):
    """The dict `also` of a result, see `schemas/scenario.json`."""
    twin = evidence.scenario.controls.positive
    conditions = ((BASELINE, BASELINE, "The baseline"), ("positive", *_named(twin)))
    return {
        "steps": STEPS,
        "findings": [
            finding
            for name in detectors(evidence.scenario)
            for condition in conditions
            if (finding := _finding(evidence, name, *condition))
        ],
    }


def detectors(scenario):
    """Names of those that read what is fed here, without the scenario's own symptom."""
    fed = {*NUMBERS, *EXPLANATIONS}
    own = scenario.symptom.detector
    return [name for name, reads in READS.items() if fed & {*reads} and name != own]


def _named(fix):
    return fix.name, fix.label


def _finding(evidence, detector, role, fix, label):
    """None where nothing that the rule reads was measured."""
    values = fed_values(evidence, role, fix)
    if not any(np.isfinite(values.get(name, [])).any() for name in READS[detector]):
        return None
    found = DETECTORS[detector](
        values, test_over_train=evidence.test_over_train("validation")
    )
    return {
        "detector": detector,
        "role": role,
        "fix": fix,
        "label": label,
        "fires": found.fires,
        "refuted": found.refuted,
        "components": [vars(c) for c in found.components if _known(c)],
    }


def _known(component):
    return component.value is not None or component.fires or component.refuted


def fed_values(evidence, role, fix):
    """{name: float[n]}: what the first steps and the trained networks tell, by seed."""
    steps = _measured(evidence.examinations.get(fix, {}))
    trained = _measured(evidence.of(role, fix))
    importances = [run.curves.get("importance") for run in trained.values()]
    data = evidence.scenario.baseline.data
    found = {name: column(steps, steps, name) for name in NUMBERS}
    found |= {name: column(trained, trained, name) for name in EXPLANATIONS}
    return found | {"importance_spearman": agreements(importances, data)}


def _measured(runs):
    return {seed: runs[seed] for seed in sorted(runs) if runs[seed].status in MEASURED}
