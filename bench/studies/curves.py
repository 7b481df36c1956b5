"""Learning curves over seeds: the median and the quartiles, for the page."""

import numpy as np

_POINTS = 120
_FIRST = 25  # epochs that are all kept: there a divergence decides
# A loss above this is on its way to infinity; drawing the rest would hide the
# beginning.
_LARGEST = 1e12


def learning_curves(evidence, best):
    """The curves dicts of baseline and best fix: loss, and the metric if classified.

    None for the parts of a scenario that judges explanations.
    """
    if not any(run.curves for run in evidence.baseline.values()):
        return []
    # Where an explanation is judged, all that is tried trains the same network.
    explained = evidence.scenario.baseline.explanation is not None
    if explained and "." in evidence.scenario.name:
        return []
    classes = evidence.scenario.baseline.loss not in ("mse", "huber")
    charts = [_chart(evidence, best, "loss", "log")]
    if classes:
        charts.append(_chart(evidence, best, "metric", "linear"))
    return charts


def _chart(evidence, best, quantity, scale):
    classes = quantity == "metric"
    unit = "" if classes else f" ({_unit(evidence.scenario.baseline.loss)})"
    what = "Accuracy" if classes else "Loss"
    series = _series(evidence.baseline, "Baseline", "baseline", quantity)
    if best is not None:
        runs = evidence.of(best["role"], best["name"])
        series += _series(runs, best["label"], "best", quantity)
    return {
        "title": f"{what} in training and validation",
        "x_label": "epoch (passes over the data)",
        "y_label": f"{what.lower()}{unit}",
        "y_scale": scale,
        "series": series,
    }


def _unit(loss):
    return "squared error" if loss in ("mse", "huber") else "nats"


def _series(runs, label, role, quantity):
    parts = (("val", "validation", role), ("train", "training", f"{role}_train"))
    bands = (
        (name, part_role, _band(runs, f"{part}_{quantity}"))
        for part, name, part_role in parts
    )
    return [
        {"label": f"{label}: {name}", "role": part_role, **band}
        for name, part_role, band in bands
        if band
    ]


def _band(runs, name):
    """Median and quartiles on a common grid, as far as half of the runs go.

    A run that ended early, or whose loss left the drawable range, drops out there.
    """
    curves = [
        (np.array(run.curves["epoch"], dtype=float), _floats(run.curves[name]))
        for run in runs.values()
        if name in run.curves
    ]
    curves = [(x[ok], y[ok]) for x, y in curves if (ok := y < _LARGEST).any()]
    if not curves:
        return None
    last = np.array([x[-1] for x, _ in curves])
    end = np.sort(last)[(len(last) - 1) // 2]
    start = np.arange(1.0, min(end, _FIRST) + 1)
    grid = np.union1d(start, np.linspace(1, end, _POINTS).round())
    rows = np.stack([np.interp(grid, x, y, right=np.nan) for x, y in curves])
    low, mid, high = np.nanpercentile(rows, (25, 50, 75), axis=0)
    named = {"x": grid, "mid": mid, "low": low, "high": high}
    return {name: values.tolist() for name, values in named.items()}


def _floats(values):
    return np.array([np.nan if v is None else v for v in values], dtype=float)
