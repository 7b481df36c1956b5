"""The plots of logged curves."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...statistics.logged import LoggedCurves

_LABELS = {
    "train_loss": "training",
    "val_loss": "validation",
    "train_accuracy": "training",
    "val_accuracy": "validation",
    "gradient_norm": "norm of the gradient",
    "learning_rate": "learning rate",
}
# Title, what the y axis shows, its series, and whether its scale may be logarithmic.
_PLOTS = (
    ("Loss", "loss", ("train_loss", "val_loss"), True),
    ("Accuracy", "accuracy", ("train_accuracy", "val_accuracy"), False),
    ("Gradient", "norm of the gradient", ("gradient_norm",), True),
    ("Learning rate", "learning rate", ("learning_rate",), True),
)


def plots(curves: LoggedCurves) -> Iterator[dict[str, Any]]:
    """A dict of kind `line` for each group of curves that there is."""
    for title, label, names, may_be_log in _PLOTS:
        found = [(name, s) for name in names if (s := curves.of(name)) is not None]
        if not found:
            continue
        values = np.concatenate([s.finite.y for _, s in found])
        if not values.size:
            continue
        log = may_be_log and bool((values > 0).all()) and np.ptp(values) > 0
        yield {
            "kind": "line",
            "title": title,
            "sentence": _broken(found),
            "x_label": curves.unit,
            "y_label": label,
            "x_scale": "linear",
            "y_scale": "log" if log else "linear",
            "series": [
                {"label": _LABELS[name], "x": s.x.tolist(), "y": _shown(s.y)}
                for name, s in found
            ],
        }


def _shown(y: np.ndarray) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in y]


def _broken(found) -> str:
    said = [
        f"The {_LABELS[name]} curve has {count} values that are not finite."
        for name, s in found
        if (count := int((~np.isfinite(s.y)).sum()))
    ]
    return " ".join(said)
