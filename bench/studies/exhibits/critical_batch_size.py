"""Steps, passes and seconds to the target by rows a step: when do more rows not help?

Beside the critical batch size of a fit stands the gradient noise scale, which was
measured inside of the trainings and predicts it: McCandlish et al. (2018).
"""

import numpy as np

from ....scenarios.batch_sizes import BATCH_SIZES
from ...statistics.critical_batch import critical_batch
from ...statistics.intervals import finite_or_none, median_interval

_NOISE = {
    "noise_scale": "Gradient noise scale on the whole way to the target",
    "noise_scale_at_first": "The same, in the first tenth of the steps",
    "noise_scale_at_last": "The same, in the last tenth of the steps",
}
_CRITICAL = "Critical batch size, of the fit"
_MARKED = {"critical batch size": _CRITICAL, "noise scale": _NOISE["noise_scale"]}
_MEASURED_AT = 32  # rows a step of the training whose noise is told


def exhibit(evidence):
    """Two tables and a plot; nothing where batch sizes were not swept."""
    found = {}
    for fix in BATCH_SIZES:
        if runs := evidence.of("sweep", fix.name):
            found[fix.treated(evidence.scenario.baseline).batch_size] = runs
    if len(found) < 3 or evidence.scenario.baseline.target is None:
        return [], []
    rows = evidence.scenario.baseline.data.rows
    target = evidence.scenario.baseline.target
    seeds = sorted(set.intersection(*(set(runs) for runs in found.values())))
    passes = np.array([[_passes(r[s], target) for r in found.values()] for s in seeds])
    sizes = np.array(list(found), dtype=float)
    steps = passes * rows / sizes
    fits = [fit for one in steps if (fit := critical_batch(sizes, one))]
    if not fits:
        return [], []
    scales = _scales(fits, found, seeds)
    tables = [_sizes(evidence, found, passes, steps), _critical(scales)]
    return tables, [_plot(sizes, steps, passes, scales)]


def _passes(run, target):
    """Passes to the target, between two validations by a straight line."""
    if run.status == "diverged":
        return np.inf
    loss = np.array([np.nan if v is None else v for v in run.curves["val_loss"]], float)
    reached = np.flatnonzero(loss <= target)
    if not reached.size:
        return np.inf
    last, epochs = reached[0], run.curves["epoch"]
    if last == 0:
        return float(epochs[0])
    share = (loss[last - 1] - target) / (loss[last - 1] - loss[last])
    return epochs[last - 1] + share * (epochs[last] - epochs[last - 1])


def _scales(fits, found, seeds):
    """{what, in words: (median, low, high)}: sizes in rows a step, and S_min."""
    runs = found.get(_MEASURED_AT, {})
    said = {_CRITICAL: [fit.critical for fit in fits]}
    said |= {
        label: values
        for name, label in _NOISE.items()
        if (values := _noise(runs, seeds, name))
    }
    said["Steps that no batch saves, S_min"] = [fit.least_steps for fit in fits]
    return {label: median_interval(values) for label, values in said.items()}


def _noise(runs, seeds, name):
    """[rows] of the seeds that reached the target; infinite where no signal was left.

    Infinity is stored as None.
    """
    values = [runs[seed].values for seed in seeds if seed in runs]
    stored = [found[name] for found in values if name in found]
    return [np.inf if value is None else value for value in stored]


def _sizes(evidence, found, passes, steps):
    return {
        "title": "Batch size: steps, passes and seconds to the target",
        "sentence": "SGD; each size at the learning rate that was best on other seeds."
        " Medians over seeds; the crossing is placed between two validations. Seconds"
        " are those passes times the time of a pass, on one thread.",
        "columns": ["Rows a step", "Learning rate", "Steps", "Passes", "Milliseconds"],
        "rows": [
            [size, runs[min(runs)].trial["lr"], *_middles(evidence, runs, *columns)]
            for (size, runs), *columns in zip(
                found.items(), steps.T, passes.T, strict=True
            )
        ],
    }


def _middles(evidence, runs, steps, passes):
    """[steps, passes, milliseconds]: medians, None where half of the seeds missed."""
    middle = float(np.median(passes))
    if not np.isfinite(middle):
        return [None, None, None]
    timed = evidence.prices.get(runs[min(runs)].fix)
    pace = timed and timed.values.get("seconds_per_epoch")
    seconds = round(1e3 * middle * pace, 2) if pace else None
    return [round(float(np.median(steps))), round(middle, 1), seconds]


def _critical(scales):
    return {
        "title": "The critical batch size beside the gradient noise scale",
        "sentence": "Fitted for each seed: S(B) = S_min (1 + B_crit / B). Below B_crit"
        " twice the rows nearly halve the steps, above it they save few. The noise"
        " scale, tr(covariance of a row's gradient) / |gradient|², was measured at"
        f" every step of the training with {_MEASURED_AT} rows a step; it predicts"
        " B_crit to an order of magnitude. It knows nothing of curvature, which limits"
        " the steps here too.",
        "columns": ["What", "Median over seeds", "95 % interval"],
        "rows": [
            [label, _short(found.value), _span(found)]
            for label, found in scales.items()
        ],
    }


def _short(number):
    return float(f"{number:.3g}") if np.isfinite(number) else "infinite"


def _span(found):
    if not np.isfinite(found.low) and found.low < 0:
        return None  # too few seeds
    return f"{_short(found.low)} to {_short(found.high)}"


def _plot(sizes, steps, passes, scales):
    fit = critical_batch(sizes, np.median(steps, axis=0))
    smooth = np.geomspace(sizes[0], sizes[-1], 40)
    lines = [("steps", sizes, np.median(steps, axis=0))]
    if fit:
        lines.append(("steps, fitted to the medians", smooth, fit.steps(smooth)))
    lines.append(("passes", sizes, np.median(passes, axis=0)))
    return {
        "title": "Steps and passes to the target by rows a step",
        "sentence": "Medians over seeds. Small batches take many steps and few passes,"
        " large ones few steps and many passes; the critical size lies between.",
        "kind": "line",
        "x_label": "rows a step",
        "y_label": "to the target",
        "x_scale": "log",
        "y_scale": "log",
        "series": [
            {"label": label, "x": x.tolist(), "y": [finite_or_none(v) for v in y]}
            for label, x, y in lines
        ],
        "verticals": [
            {"label": mark, "x": scales[label].value}
            for mark, label in _MARKED.items()
            if label in scales and np.isfinite(scales[label].value)
        ],
    }
