"""Did every way of computing a step arrive at the same parameters?"""

import numpy as np

from ..evidence import BASELINE, column

_BASELINES = {"python": "plain Python", "csv": "rows parsed from text at every step"}


def exhibit(evidence):
    """A table of seconds a step, steps a second and the disagreement of the engines."""
    if evidence.scenario.metric.name != "seconds_per_step":
        return [], []
    engine = evidence.scenario.baseline.engine
    labels = {(BASELINE, BASELINE): f"Baseline: {_BASELINES.get(engine, engine)}"}
    labels |= {("fix", fix.name): fix.label for fix in evidence.scenario.fixes}
    rows = [
        _row(label, evidence.of(*condition))
        for condition, label in labels.items()
        if any(run.status == "ok" for run in evidence.of(*condition).values())
    ]
    return [
        {
            "title": "The same step, computed differently",
            "sentence": "Before any timing, each engine took three steps from the same"
            " start. The difference is the largest among the parameters, relative to"
            " the largest parameter; float32 rounding gives about 1e-7.",
            "columns": [
                "Engine",
                "Microseconds a step",
                "Steps a second",
                "Difference to NumPy",
            ],
            "rows": rows,
        }
    ], []


def _row(label, runs):
    seeds = sorted(runs)
    seconds, rate, difference = (
        float(np.nanmedian(column(runs, seeds, name)))
        for name in ("seconds_per_step", "steps_per_second", "disagreement")
    )
    shown = f"{difference:.0e}" if difference else "none"
    return [label, round(1e6 * seconds, 1), round(rate), shown]
