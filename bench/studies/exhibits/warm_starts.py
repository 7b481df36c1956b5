"""What a warm start takes before the training begins, and what it saves afterwards."""

import numpy as np

from ..evidence import BASELINE, column, metric_values


def exhibit(evidence):
    """A table of passes before, after and together; nothing without a warm start."""
    scenario = evidence.scenario
    warm = [
        (fix, evidence.of("fix", fix.name))
        for fix in scenario.fixes
        if fix.treated(scenario.baseline).warm_start
    ]
    rows = [_row(fix.label, runs, scenario.metric) for fix, runs in warm if runs]
    if scenario.metric.name != "evaluations_to_target" or not rows:
        return [], []
    cold = _row("Baseline", evidence.of(BASELINE, BASELINE), scenario.metric)
    return [
        {
            "title": "Warm starts: passes before and after",
            "sentence": "Medians over seeds. A pass over some rows counts as that"
            " share of a pass over all. Where the earlier network is there"
            " anyway, what counts is the column of the passes after.",
            "columns": ["Start", "Passes before", "Passes after", "Together"],
            "rows": [cold, *rows],
        }
    ], []


def _row(label, runs, metric):
    seeds = sorted(runs)
    before = np.nan_to_num(column(runs, seeds, "earlier_passes"))
    whole = metric_values(runs, seeds, metric)
    shown = (before, whole - before, whole)
    return [label, *(_short(float(np.median(passes))) for passes in shown)]


def _short(passes):
    return float(f"{passes:.3g}") if np.isfinite(passes) else "target missed"
