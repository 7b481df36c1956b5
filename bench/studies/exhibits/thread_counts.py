"""The same step by 1, 2, ... threads, beside the line of as many times as threads."""

import numpy as np


def exhibit(evidence):
    """A plot of how many times as fast a step is by the number of threads."""
    found = found_curves(evidence, "threads")
    if not found:
        return [], []
    counts = next(iter(found.values()))[0]
    ideal = {"label": "ideal: as many times as threads", "x": counts, "y": counts}
    lines = [
        {"label": label, "x": x, "y": _middle(1.0 / ratios)}
        for label, (x, ratios) in found.items()
    ]
    cores = counts[-1]
    said = "1 core is" if cores == 1 else f"{cores} cores are"
    return [], [
        {
            "title": "Threads: times as fast as one",
            "sentence": f"{said} usable here. Median over seeds of the same step,"
            " timed in turns by each count of threads. A step of fewer than a million"
            " multiply-adds is not shared: handing it over would take longer than it"
            " does.",
            "kind": "line",
            "x_label": "threads",
            "y_label": "times as fast as one thread",
            "x_scale": "linear",
            "y_scale": "linear",
            "series": [*lines, ideal],
            "verticals": [],
        }
    ]


def _middle(ratios):
    return np.median(ratios, axis=0).tolist()


def found_curves(evidence, name, relative=True):
    """{label: (counts, float[seeds, counts])} of the curves by threads or networks.

    relative: seconds divided by those of the first count.
    """
    start, found = evidence.scenario.baseline, {}
    trials = [("fix", f, f.treated(start)) for f in evidence.scenario.fixes]
    trials += [("sweep", f, f.treated(start)) for f in evidence.scenario.sweep]
    for role, fix, trial in trials:
        runs = evidence.of(role, fix.name)
        curves = [runs[s].curves for s in sorted(runs) if name in runs[s].curves]
        if not curves or len({tuple(c[name]) for c in curves}) > 1:
            continue
        seconds = np.array([c[f"seconds_by_{name}"] for c in curves], dtype=float)
        label = f"{trial.batch_size} rows a step, {trial.hidden[0]} units"
        found[label] = curves[0][name], seconds / (seconds[:, :1] if relative else 1)
    return found
