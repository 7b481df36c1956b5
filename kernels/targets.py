"""Targets of a network: how they are read, and the line from scores to a metric."""

import numpy as np

from .reading import as_numbers
from .validation import as_floats, check_finite


def check_targets(net, name, y, rows, dtype):
    """y as C-contiguous float[rows, targets]; ValueError on wrong shape or values.

    y: see `reading`; [rows] too where there is one target column, and class numbers of
    any dtype. Binary targets come back as 0 and 1. The weights of a weighted loss, the
    last column, are as `weighted.weigh_rows` leaves them.
    """
    y = as_numbers(name, y)
    if y.ndim == 1 and net.targets == 1:
        y = y[:, None]
    if y.shape != (rows, net.targets):
        raise ValueError(
            f"{name} must have shape ({rows}, {net.targets}), got {y.shape}; loss"
            f" {net.loss!r} takes {_in_words(net)}"
        )
    y = check_finite(name, as_floats(y, dtype))
    wanted = y[:, : net.targets - net.weighted]
    if net.target_kind == "class" and rows:
        _check_classes(name, wanted, net.outputs)
    if net.target_kind == "binary":
        if not (np.isin(wanted, (0, 1)).all() or np.isin(wanted, (-1, 1)).all()):
            raise ValueError(f"{name} must hold 0 and 1 (or -1 and 1) only")
        zeros_and_ones = (wanted > 0).astype(dtype)
        y = np.hstack([zeros_and_ones, y[:, wanted.shape[1] :]])
    if net.target_kind == "share" and (wanted < 0).any():
        raise ValueError(f"{name} must hold shares of the classes, zero or more each")
    # The kernels take arrays they may write to; a read-only one is copied.
    return np.require(y, requirements="W")


def _check_classes(name, y, outputs):
    if y.min() < 0 or y.max() >= outputs or (y != np.floor(y)).any():
        raise ValueError(
            f"{name} must hold class numbers 0 to {outputs - 1}, got"
            f" values from {y.min():g} to {y.max():g}"
        )


def _in_words(net):
    return {
        "class": "one class number a row",
        "binary": f"{net.targets} column(s) of 0 and 1",
        "share": f"the share of each of {net.targets} classes",
        "value": f"{net.targets} column(s) of numbers",
    }[net.target_kind]


def metric_line(net, y):
    """(a, b) such that the metric is a + b times the sum of the rows' scores.

    Accuracy is the mean score; R^2 = 1 - squared error / spread of the targets. y:
    float[rows, targets], rows > 0. Of weighted rows means are weighted.
    """
    if net.target_kind != "value":
        return 0.0, 1.0 / len(y)
    # In float64, means of large numbers too: a column of float32 is summed in turn.
    y, weights = y.astype(np.float64), None
    if net.weighted:
        y, weights = y[:, :-1], y[:, -1:]
    mean = np.average(y, axis=0, weights=None if weights is None else weights[:, 0])
    squares = (y - mean) ** 2
    spread = (squares if weights is None else weights * squares).sum()
    # A constant target has no spread: its R^2 is hugely negative, not infinite.
    return 1.0, -y.shape[1] / max(spread, np.finfo(np.float32).tiny)
