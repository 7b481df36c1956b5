"""The predicted ledger of every condition beside the peak that was measured."""

import numpy as np

from ..evidence import column

_PARTS = {
    "parameters": "Parameters",
    "gradients": "Gradients",
    "optimizer": "Optimizer",
    "activations": "Activations",
    "workspace": "Workspace",
    "data": "Data",
}
_MB = 1e6


def exhibit(evidence):
    """One table: megabytes predicted by part, in sum, measured, and the outcome."""
    budget = evidence.scenario.baseline.memory.budget
    if budget is None:
        return [], []
    rows = [_row(label, runs) for label, runs in _labelled(evidence) if runs]
    return [
        {
            "title": "Predicted and measured memory",
            "sentence": f"Megabytes by what they hold; the budget is {budget / _MB:.3g}"
            " MB. The prediction is computed from the network and the plan before"
            " anything runs; the peak is what the process held beyond its start. A run"
            " that did not fit was measured once more with room to spare. Pages of"
            " mapped files stand apart: they are in memory too, but the system can drop"
            " them at any time, so neither the budget nor the effect counts them.",
            "columns": [
                "Condition",
                *_PARTS.values(),
                "Predicted sum",
                "Measured peak",
                "Mapped files",
                "Outcome under the budget",
            ],
            "rows": rows,
        }
    ], []


def _labelled(evidence):
    scenario = evidence.scenario
    yield "Baseline", evidence.baseline
    for fix in scenario.fixes:
        yield fix.label, evidence.of("fix", fix.name)
    for role in ("wrong_mechanism", "positive"):
        fix = getattr(scenario.controls, role)
        yield fix.label, evidence.of(role, fix.name)


def _row(label, runs):
    seeds = sorted(runs)
    names = [*(f"predicted_{part}" for part in _PARTS), "predicted_bytes"]
    names += ["peak_bytes", "mapped_bytes"]
    sizes = [_megabytes(column(runs, seeds, name)) for name in names]
    outcomes = {run.status for run in runs.values()}
    words = sorted("fits" if outcome == "ok" else outcome for outcome in outcomes)
    return [label, *sizes, ", ".join(words)]


def _megabytes(sizes):
    known = sizes[np.isfinite(sizes)]
    return round(float(np.median(known)) / _MB, 1) if known.size else None
