"""Peak memory and seconds over the checkpoint interval: the square-root trade-off."""

import math

import numpy as np

from ..evidence import column
from ..history.parts import lines


def exhibit(evidence):
    """Two plots over the layers of a segment: megabytes, and seconds of a training."""
    found = _by_interval(evidence)
    if len(found) < 3:
        return [], []
    intervals, layers = list(found), max(found)
    values = {
        name: [_middle(runs, name) for runs in found.values()]
        for name in ("peak_bytes", "predicted_bytes", "seconds")
    }
    root = {"label": "square root of the layers", "x": math.sqrt(layers)}
    axis = "layers of a segment"
    named = {"measured": "peak_bytes", "predicted": "predicted_bytes"}
    sizes = {
        label: (intervals, [size / 1e6 for size in values[name]])
        for label, name in named.items()
    }
    peaks = dict(zip(intervals, values["peak_bytes"], strict=True))
    least = [k for k, peak in peaks.items() if peak <= 1.01 * min(peaks.values())]
    said = f"{least[0]}" if len(least) == 1 else f"{least[0]} to {least[-1]}"
    return [], [
        lines(
            "Memory against the checkpoint interval",
            f"{layers} layers, of which every k-th output is kept and the others are"
            f" computed again: {layers} / k outputs wait, and k more are there at once,"
            " fewest where k is the square root (Chen et al. 2016, section 4.1). The"
            f" least, within 1 %, is at {said}; the rightmost keeps all outputs.",
            (axis, "peak memory, MB"),
            sizes,
            verticals=[root],
        ),
        lines(
            "Seconds against the checkpoint interval",
            "The same trainings: all but the last segment pass forward twice, and a"
            " forward pass is a third of a step's work. One training each, so its time"
            " trembles with the host.",
            (axis, "seconds of a training"),
            {"measured": (intervals, values["seconds"])},
            verticals=[root],
        ),
    ]


def _by_interval(evidence):
    """{layers of a segment: {seed: run}}, rising, of trials that differ in it alone."""
    scenario, found = evidence.scenario, {}
    for fix in scenario.sweep:
        interval = fix.treated(scenario.baseline).memory.checkpoint
        runs = evidence.of("sweep", fix.name)
        if interval and any("peak_bytes" in run.values for run in runs.values()):
            found[interval] = runs
    return dict(sorted(found.items()))


def _middle(runs, name):
    return float(np.nanmedian(column(runs, sorted(runs), name)))
