"""Rules of other tools, applied a second time to a stored run: did they ever speak?

A row has `curves`, `values` and `trial` as dicts. {(maker, detector): row -> bool}.
"""

import numpy as np
import pandas as pd


def _curve(row, name):
    return pd.Series(row.curves[name], dtype=float)


def _accuracies(row):
    """DataFrame of train and val, NaN where there are no classes."""
    columns = {part: _curve(row, f"{part}_metric") for part in ("train", "val")}
    found = pd.DataFrame(columns)
    return found * np.nan if row.trial["loss"] == "mse" else found


def _late(row, length):
    return pd.Series(range(1, length + 1)) >= 0.3 * row.trial["epochs"]


def _never_rises(row):
    found = _accuracies(row)
    if found.isna().all(axis=None):
        return pd.Series(False, index=found.index)
    rise = found.diff().clip(lower=0).fillna(0).cummax().max(axis=1)
    return _late(row, len(found)) & (rise < 0.01)


def _unsolved(row):
    best = _accuracies(row).cummax()
    low = _late(row, len(best)) & (best < 0.7).any(axis=1)
    return low | _never_rises(row)


def _norms(row):
    first, last = (_curve(row, f"{end}_gradient_norm") for end in ("first", "last"))
    return first, first / last


def _gap(row):
    found = _accuracies(row)
    limit = pd.Series(np.where(found.train > 0.9, 0.07, 0.10))
    wide = (found.train - found.val) >= limit
    return (_late(row, len(found)) & wide).any()


def _vanishing(row):
    first, ratio = _norms(row)
    return ((ratio < 1e-3) & (first < 1e-4) & _unsolved(row)).any()


def _exploding(row):
    return ((_norms(row)[1] > 70) & _unsolved(row)).any()


def _lost(row):
    train, val = (_curve(row, f"{part}_loss") for part in ("train", "val"))
    finite = np.isfinite(train) & np.isfinite(val) & (val < 1e5)
    return not finite.all()


def _zeros(row):
    share = row["values"].get("zero_gradients")
    return share is not None and share >= 0.7 and _unsolved(row).iloc[-1]


def _better(row, name, score, than, floor, fraction):
    a, b = (row["values"].get(f"{part}_{name}") for part in (score, than))
    if a is None or b is None:
        return False
    gap = b - a if name.endswith("loss") else a - b
    return gap >= max(floor, fraction * abs(b))


def _skore_overfits(row):
    pairs = [(row, name, "train", "test", 0.03, 0.1) for name in ("metric", "loss")]
    return all(_better(*pair) for pair in pairs)


def _skore_underfits(row):
    better = [
        _better(row, name, part, f"{part}_guess", 0.01, 0.05)
        for part in ("train", "test")
        for name in ("metric", "loss")
    ]
    return not any(better)


def _overfit(row):
    train, val = (_curve(row, f"{part}_loss") for part in ("train", "val"))
    return (val / train - 1 > 0.1).any()


def _not_decreasing(row):
    loss = _curve(row, "train_loss")
    return (loss > 0.999 * loss.shift(10)).any()


RULES = {
    ("AutoTrainer", "overfitting"): _gap,
    ("AutoTrainer", "slow_training"): lambda row: _never_rises(row).any(),
    ("AutoTrainer", "divergence"): _lost,
    ("AutoTrainer", "vanishing_gradient"): _vanishing,
    ("AutoTrainer", "exploding_gradient"): _exploding,
    ("AutoTrainer", "dead_relu"): _zeros,
    ("skore", "overfitting"): _skore_overfits,
    ("skore", "underfitting"): _skore_underfits,
    ("SageMaker Debugger", "overfitting"): _overfit,
    ("SageMaker Debugger", "slow_training"): _not_decreasing,
    ("SageMaker Debugger", "divergence"): lambda row: (
        not np.isfinite(_curve(row, "train_loss")).all()
    ),
    ("SageMaker Debugger", "vanishing_gradient"): lambda row: (
        _curve(row, "first_gradient_rms") < 1e-7
    ).any(),
    ("SageMaker Debugger", "dead_relu"): lambda row: (
        _curve(row, "dead_units") > 0.5
    ).any(),
}
