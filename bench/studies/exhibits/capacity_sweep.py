"""Loss against the width of the network: is the baseline where capacity still pays?"""

import numpy as np

from ..evidence import BASELINE, column


def exhibit(evidence):
    """A plot of training and validation loss over the widths of the sweep."""
    if evidence.scenario.symptom.detector != "underfitting" or not evidence.baseline:
        return [], []
    widths = {(BASELINE, BASELINE): _width(evidence.scenario.baseline)}
    for fix in evidence.scenario.sweep:
        widths["sweep", fix.name] = _width(fix.treated(evidence.scenario.baseline))
    measured = {w: evidence.of(*c) for c, w in widths.items() if evidence.of(*c)}
    series = [
        {
            "label": label,
            "x": list(measured),
            "y": [_mean(r, name) for r in measured.values()],
        }
        for label, name in (("training", "train_loss"), ("validation", "val_loss"))
    ]
    return [], [
        {
            "title": "Loss against width",
            "sentence": "Mean final loss over seeds. Where both curves still fall, the"
            " network was too small; where only the training loss falls, it was not.",
            "kind": "line",
            "x_label": "units in a hidden layer",
            "y_label": "loss",
            "x_scale": "log",
            "y_scale": "log",
            "series": series,
            "verticals": [
                {"label": "baseline", "x": _width(evidence.scenario.baseline)}
            ],
        }
    ]


def _width(trial):
    return trial.hidden[0] if trial.hidden else 1


def _mean(runs, name):
    values = column(runs, sorted(runs), name)
    return float(np.mean(values)) if np.isfinite(values).all() else None
