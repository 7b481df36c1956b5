"""Accuracy as inputs are taken away, or given back, in the order of an explanation."""

import numpy as np

_CURVES = (
    (
        "deletion",
        "What is lost as inputs are taken away",
        "Inputs become their mean, those ranked highest first: a faithful order makes"
        " the score fall at once.",
    ),
    (
        "insertion",
        "What comes back as inputs are given",
        "All inputs begin as their mean and come back, those ranked highest first: a"
        " faithful order makes the score rise at once.",
    ),
)
# What explains the same network, so that only the order differs.
_SHOWN = ("permutation", "integrated_gradients", "smooth_grad", "surrogate_tree")


def exhibit(evidence):
    """Two plots over seeds, medians with the middle half; none where no run has any.

    Of the whole scenario, and where no truth is known, so that they are the judge.
    """
    scenario = evidence.scenario
    if "." in scenario.name and scenario.metric.name != "test_faithfulness":
        return [], []
    conditions = _conditions(evidence)
    plots = [
        _plot(evidence, conditions, *curve)
        for curve in _CURVES
        if any(_stack(runs, curve[0]) is not None for _, runs in conditions)
    ]
    return [], plots


def _conditions(evidence):
    """[(label, runs)]: the baseline, some explanations, that of random weights."""
    fixes = {fix.name: fix for fix in evidence.scenario.fixes}
    random = evidence.scenario.controls.wrong_mechanism
    return [
        ("First-layer weights (the baseline)", evidence.baseline),
        *((fixes[n].label, evidence.of("fix", n)) for n in _SHOWN if n in fixes),
        (random.label, evidence.of("wrong_mechanism", random.name)),
    ]


def _stack(runs, name):
    """float[seeds, points], None where no run has the curve."""
    rows = [run.curves[name] for run in runs.values() if name in run.curves]
    return np.array(rows, dtype=float) if rows else None


def _plot(evidence, conditions, name, title, sentence):
    series = []
    for label, runs in conditions:
        curves, moved = _stack(runs, name), _stack(runs, "moved")
        if curves is None or moved is None:
            continue
        low, middle, high = np.percentile(curves, (25, 50, 75), axis=0)
        found = {"x": 100 * moved[0], "y": middle, "low": low, "high": high}
        series.append({"label": label} | {k: v.tolist() for k, v in found.items()})
    classes = evidence.scenario.baseline.loss not in ("mse", "huber")
    return {
        "title": title,
        "sentence": f"{sentence} Median over seeds on test rows; the bands hold the"
        " middle half of them.",
        "kind": "line",
        "x_label": f"inputs {'taken away' if name == 'deletion' else 'given'}, %",
        "y_label": "accuracy" if classes else "R², at least 0",
        "x_scale": "linear",
        "y_scale": "linear",
        "series": series,
        "verticals": [],
    }
