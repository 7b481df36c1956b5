"""The predicted ledger of every condition beside the peak that was measured."""

import numpy as np

from ....reports.labels import optimizer_label
from ..evidence import BASELINE, column

PARTS = {
    "parameters": "Parameters",
    "gradients": "Gradients",
    "optimizer": "Optimizer state",
    "activations": "Activations",
    "workspace": "Workspace",
    "data": "Data",
}
_MB, _KB = 1e6, 1e3
_SUMS = ("Predicted sum", "Measured peak", "Predicted / measured")


def exhibit(evidence):
    """Megabytes predicted by part, in sum, and measured: of the fixes, of the sweep."""
    budget = evidence.scenario.baseline.memory.budget
    if budget is None:
        return _trained(evidence), []
    tables = [_judged(evidence, budget)]
    sweep = _swept(evidence)
    return [*tables, *([_by_setting(sweep)] if sweep else [])], []


def _judged(evidence, budget):
    rows = [
        [label, *sizes_of(runs), _median(runs, "mapped_bytes"), _outcomes(runs)]
        for label, runs in _labelled(evidence)
        if runs
    ]
    return {
        "title": "Predicted and measured memory",
        "sentence": f"Megabytes by what they hold; the budget is {budget / _MB:.3g}"
        " MB. The prediction is computed from the network and the plan before"
        " anything runs; the peak is what the process held beyond its start. A run"
        " that did not fit was measured once more with room to spare. Pages of"
        " mapped files stand apart: they are in memory too, but the system can drop"
        " them at any time, so neither the budget nor the effect counts them.",
        "columns": [
            "Condition",
            *PARTS.values(),
            *_SUMS,
            "Mapped files",
            "Outcome under the budget",
        ],
        "rows": rows,
    }


def _trained(evidence):
    """[the table of what was trained in turns], none where its bytes are not known."""
    runs = {
        label: {0: evidence.prices[name]}
        for label, _, name in _conditions(evidence.scenario)
        if name in evidence.prices
    }
    rows = [
        [label, *sizes_of(run, _KB)]
        for label, run in runs.items()
        if run[0].values.get("predicted_bytes") and run[0].values.get("peak_bytes")
    ]
    if not rows:
        return []
    table = {
        "title": "Predicted and measured memory",
        "sentence": "Kilobytes of one network's training by what they hold, and the"
        " most that its arrays and Python's objects held at once, while it was timed on"
        " one thread. Python's own objects, some tens of kilobytes, are not predicted.",
        "columns": ["Condition", *PARTS.values(), *_SUMS],
        "rows": rows,
    }
    return [table]


def _labelled(evidence):
    for label, role, name in _conditions(evidence.scenario):
        yield label, evidence.of(role, name)


def _conditions(scenario):
    """(label, role, name) of what is judged."""
    yield "Baseline", BASELINE, BASELINE
    for fix in scenario.fixes:
        yield fix.label, "fix", fix.name
    for role in ("wrong_mechanism", "positive"):
        fix = getattr(scenario.controls, role)
        yield fix.label, role, fix.name


def _swept(evidence):
    """[(trial, {seed: run})] of what is measured and not judged."""
    scenario = evidence.scenario
    found = (
        (fix.treated(scenario.baseline), evidence.of("sweep", fix.name))
        for fix in scenario.sweep
    )
    return [(trial, runs) for trial, runs in found if runs]


def _by_setting(sweep):
    """One row a training: what it was, and its bytes."""
    rows = [[*_setting(trial), *sizes_of(runs)] for trial, runs in sweep]
    ratios = np.array([row[-1] for row in rows if row[-1] is not None])
    worst = 100 * float(np.abs(ratios - 1).max()) if ratios.size else 0.0
    return {
        "title": "The ledger by optimizer, batch, storage and checkpoints",
        "sentence": "Megabytes, as above, of trainings that nobody judges: each changes"
        " one thing about a deep or a wide network. Of"
        f" {len(ratios)} predictions the worst is {worst:.1f} % off the peak."
        " Small ones miss Python's own objects, 0.1 to 0.3 MB of a process.",
        "columns": [
            "Optimizer",
            "Hidden units",
            "Rows a step",
            "Stored as",
            "Layers a segment",
            *PARTS.values(),
            *_SUMS,
        ],
        "rows": rows,
    }


def _setting(trial):
    """Optimizer, hidden units, rows a step, format, checkpoint: of a table's row."""
    layers, memory = trial.hidden, trial.memory
    return [
        optimizer_label(trial.optimizer),
        f"{len(layers)} x {layers[0]}",
        min(trial.batch_size or trial.data.rows, trial.data.rows),
        trial.precision if memory.storage == "native" else memory.storage,
        memory.checkpoint or "all",
    ]


def sizes_of(runs, unit=_MB):
    """Units of bytes: each part, their sum and the measured peak; then the ratio.

    Medians over the seeds of {seed: run}; None where nothing was measured.
    """
    names = [*(f"predicted_{part}" for part in PARTS), "predicted_bytes", "peak_bytes"]
    sizes = [_median(runs, name, unit) for name in names]
    predicted, peak = (_middle(runs, name) for name in names[-2:])
    return [*sizes, round(predicted / peak, 3) if predicted and peak else None]


def _outcomes(runs):
    outcomes = {run.status for run in runs.values()}
    return ", ".join(sorted("fits" if o == "ok" else o for o in outcomes))


def _middle(runs, name):
    sizes = column(runs, sorted(runs), name)
    known = sizes[np.isfinite(sizes)]
    return float(np.median(known)) if known.size else None


def _median(runs, name, unit=_MB):
    size = _middle(runs, name)
    return None if size is None else round(size / unit, 2)
