"""Test loss over the length of sequences: how far back does an architecture reach?"""

import numpy as np

from ..evidence import BASELINE, metric_values


def exhibit(evidence):
    """A table and a plot of the loss of each architecture by length."""
    found = {
        name: by_length
        for name, by_length in _by_architecture(evidence).items()
        if len(by_length) > 1
    }
    if not found:
        return [], []
    lengths = sorted({length for each in found.values() for length in each})
    metric, target = evidence.scenario.metric, evidence.scenario.baseline.target
    values = {
        name: {
            length: metric_values(runs, sorted(runs), metric)
            for length, runs in sorted(by_length.items())
        }
        for name, by_length in found.items()
    }
    return [_table(values, lengths, target)], [_plot(values, evidence.scenario)]


def _by_architecture(evidence):
    """{label: {length: {seed: run}}} of the trials whose layers are alike."""
    scenario = evidence.scenario
    start = scenario.baseline
    trials = [
        ((BASELINE, BASELINE), _named(start), start),
        *((("fix", f.name), f.label, f.treated(start)) for f in scenario.fixes),
        *((("sweep", f.name), f.label, f.treated(start)) for f in scenario.sweep),
    ]
    labels, found = {}, {}
    for condition, label, trial in trials:
        length = dict(trial.data.options).get("length")
        runs = evidence.of(*condition)
        if length is None or not trial.layers or not runs:
            continue
        name = labels.setdefault(trial.layers, label)
        found.setdefault(name, {}).setdefault(length, runs)
    return found


def _named(trial):
    """The baseline by its first layer: Elman (the baseline)."""
    return f"{trial.layers[0].name} (the baseline)" if trial.layers else "The baseline"


def _table(values, lengths, target):
    return {
        "title": "Test loss by the length of the sequences",
        "sentence": "Median over seeds, and in brackets how many of them came to"
        f" {target:g} or less, with as many rows and passes at every length.",
        "columns": ["Architecture", *(f"{length} steps" for length in lengths)],
        "rows": [
            [name, *(_cell(by_length.get(length), target) for length in lengths)]
            for name, by_length in values.items()
        ],
    }


def _cell(values, target):
    if values is None:
        return None
    middle = float(np.median(values))
    said = f"{middle:.2g}" if np.isfinite(middle) else "diverged"
    return f"{said} ({int((values <= target).sum())} of {len(values)})"


def _plot(values, scenario):
    length = dict(scenario.baseline.data.options)["length"]
    middles = {
        name: [(length, float(np.median(v))) for length, v in by_length.items()]
        for name, by_length in values.items()
    }
    return {
        "title": "Loss against length",
        "sentence": "Median over seeds: where a line stays flat, what lies far back is"
        " kept.",
        "kind": "line",
        "x_label": "steps of a sequence",
        "y_label": scenario.metric.label,
        "x_scale": "log",
        "y_scale": "log",
        "series": [
            {
                "label": name,
                "x": [length for length, _ in points],
                "y": [value if np.isfinite(value) else None for _, value in points],
            }
            for name, points in middles.items()
        ],
        "verticals": [{"label": "what was judged", "x": length}],
    }
