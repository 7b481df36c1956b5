"""The rules of the troubles, applied again: does the symptom fire, is it refuted?

A sign: (low, high, comparison, threshold) on the scale of the threshold. It fires where
the whole interval lies beyond the threshold, and is refuted where the whole lies on the
healthy side.
"""

import numpy as np

from . import intervals

OUT_OF_MEMORY = ("MemoryError", "killed")
RARE = 0.5


def symptom(detector, runs, beside, overlap):
    """(fires, refuted) of a condition; None where this rule is not known here.

    runs: DataFrame by seed, see `runs.condition`; beside: {name: DataFrame} of the
    sweep, on the same seeds; overlap: of validation rows to training rows, or None.
    """
    rule = RULES.get(detector)
    return rule and rule(runs, beside, overlap)


def _sign(values, comparison, threshold, overlap, shown=None):
    _, low, high = intervals.centre(values, overlap)
    if shown:
        with np.errstate(over="ignore"):
            low, high = shown(low), shown(high)
    if comparison == "<":
        return high < threshold, low >= threshold
    beyond = low >= threshold if comparison == ">=" else low > threshold
    healthy = high < threshold if comparison == ">=" else high <= threshold
    return beyond, healthy


def _share(happened):
    happened = np.asarray(happened, dtype=bool)
    _, _, high = intervals.share(happened)
    quiet = happened.size > 0 and not happened.any()
    return bool(happened.any()), bool(quiet and high < RARE)


def _either(*signs):
    return any(s[0] for s in signs), bool(signs) and all(s[1] for s in signs)


def _all(*signs):
    return all(s[0] for s in signs), any(s[1] for s in signs)


def _column(runs, name):
    if name not in runs:
        return np.full(len(runs), np.nan)
    return runs[name].to_numpy(dtype=float)


def _log_ratio(above, below):
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(above) - np.log(below)
    return np.where((above == 0) & (below == 0), 0.0, logs)


def _overfitting(runs, beside, overlap):
    train, val, best = (
        _column(runs, name) for name in ("train_loss", "val_loss", "best_val_loss")
    )
    gap = _sign(_log_ratio(val, train), ">", 0.1, overlap, np.expm1)
    rise = _sign(_log_ratio(val, best), ">", 5.0, overlap, lambda x: 100 * np.expm1(x))
    signs = [rise]
    points = 100 * (_column(runs, "train_metric") - _column(runs, "val_metric"))
    if not np.isnan(points).all():
        signs.append(_sign(points, ">", 5.0, overlap))
    return _all(gap, _either(*signs))


def _underfitting(runs, beside, overlap):
    wider = [rows for name, rows in beside.items() if name.startswith("wider")]
    if not wider:
        return _all((False, False), (False, False))
    least = np.fmin.reduce([_column(rows, "train_loss") for rows in wider])
    doubled = beside.get("wider_x2")
    gained = np.full(len(runs), np.nan)
    if doubled is not None:
        gained = 100 * (_column(doubled, "val_metric") - _column(runs, "val_metric"))
    gap = 100 * (_column(runs, "train_metric") - _column(runs, "val_metric"))
    loss = _log_ratio(_column(runs, "train_loss"), least)
    signs = [_sign(gap, "<", 2.0, overlap)]
    if not any(signs[0]) and not np.isnan(gained - gap).all():
        signs.append(_sign(gained - gap, ">", 0.0, overlap))
    fires, refuted = _all(
        _sign(loss, ">", 1.10, overlap, np.exp),
        _either(*signs),
        _sign(gained, ">", 1.0, overlap),
    )
    return fires and not _still_falls(runs, overlap), refuted


def _still_falls(runs, overlap):
    """Does the validation loss surely fall by over 1 % in the last tenth?"""
    return _sign(100 * _column(runs, "late_fall"), ">", 1.0, overlap)[0]


def _slow_training(runs, beside, overlap):
    signs = []
    if "tuned_reference" in beside:
        reference = beside["tuned_reference"]
        name = "evaluations_to_target"
        name = name if name in runs or name in reference else "seconds_per_step"
        needed, least = (_or_infinite(rows, name) for rows in (runs, reference))
        least = np.where(np.isinf(least), np.nan, least)
        given = np.where(np.isinf(needed), beside["budget"], needed)
        fires = _sign(_log_ratio(given, least), ">=", 3.0, overlap, np.exp)[0]
        refuted = _sign(_log_ratio(needed, least), ">=", 3.0, overlap, np.exp)[1]
        signs.append((fires, refuted))
    drop = 100 * _column(runs, "late_drop")
    if np.isfinite(drop).any():
        signs.append(_sign(drop, "<", 0.1, overlap))
    found = _either(*signs)
    if "late_fall" not in runs or not signs:
        return found
    # A missed target means slowness only where the loss still falls.
    by_cost = signs[0][0] and _still_falls(runs, overlap)
    return by_cost or any(sign[0] for sign in signs[1:]), found[1]


def _or_infinite(rows, name):
    values = _column(rows, name)
    return np.where(np.isnan(values) | (rows.status == "diverged"), np.inf, values)


def _memory_pressure(runs, beside, overlap):
    filled = 100 * _column(runs, "peak_bytes") / _column(runs, "budget")
    lost = runs.status.isin(OUT_OF_MEMORY)
    return _either(_sign(filled, ">=", 90.0, overlap), _share(lost))


def _divergence(runs, beside, overlap):
    final, first = _column(runs, "final_loss"), _column(runs, "first_loss")
    left = ~np.isfinite(final) if "final_loss" in runs else np.zeros(len(runs), bool)
    signs = [_share((runs.status == "diverged").to_numpy() | left)]
    if np.isfinite(final).any():
        signs.append(_sign(_log_ratio(final, first), ">", 10.0, overlap, np.exp))
    stable = _column(runs, "lr") * _column(runs, "lambda_max") / 2
    if np.isfinite(stable).any():
        signs.append(_sign(stable, ">", 1.0, overlap))
    return _either(*signs)


def _ratio_of_layers(runs):
    first, last = (
        _column(runs, f"{end}_layer_gradient_rms") for end in ("first", "last")
    )
    return first, _log_ratio(first, last)


def _vanishing_gradient(runs, beside, overlap):
    first, ratio = _ratio_of_layers(runs)
    # The start decides, and not the split: seeds are independent.
    return _either(
        _sign(ratio, "<", 1e-3, None, np.exp),
        _sign(_log_ratio(first, np.ones_like(first)), "<", 1e-7, None, np.exp),
    )


def _exploding_gradient(runs, beside, overlap):
    return _either(_sign(_ratio_of_layers(runs)[1], ">", 70.0, None, np.exp))


def _dead_relu(runs, beside, overlap):
    return _either(_sign(100 * _column(runs, "dead_fraction"), ">", 50.0, None))


def _ill_conditioning(runs, beside, overlap):
    limits = {"condition_number": 1e4, "lambda_max_over_mean": 100.0}
    logs = {n: _log_ratio(v := _column(runs, n), np.ones_like(v)) for n in limits}
    return _either(*(_sign(logs[n], ">", limits[n], overlap, np.exp) for n in limits))


def _poor_interpretability(runs, beside, overlap):
    limits = {
        "surrogate_agreement": 0.90,
        "importance_spearman": 0.7,
        "precision_at_k": 0.8,
    }
    known = [name for name in limits if name in runs]
    return _either(*(_sign(_column(runs, n), "<", limits[n], overlap) for n in known))


def _large_model(runs, beside, overlap):
    filled = 100 * _column(runs, "file_bytes") / _column(runs, "file_budget")
    return _either(_sign(filled, ">", 100.0, None))


def _class_imbalance(runs, beside, overlap):
    gap = 100 * (_column(runs, "val_metric") - _column(runs, "val_balanced"))
    least = 100 * _column(runs, "val_least_recall")
    signs = [_sign(gap, ">", 5.0, overlap), _sign(least, "<", 70.0, overlap)]
    if "val_least_share" in runs:
        share = 100 * _column(runs, "val_least_share")
        signs.append(_sign(share, "<", 50.0, overlap))
    return _all(*signs)


def _covariate_shift(runs, beside, overlap):
    lost = np.full(len(runs), np.nan)
    if "new_rows" in beside:
        reached = _column(beside["new_rows"], "val_metric")
        lost = 100 * (reached - _column(runs, "val_metric"))
    auc = _sign(_column(runs, "domain_auc"), ">", 0.70, overlap)
    fires, refuted = _sign(lost, ">", 5.0, overlap)
    return auc[0] and fires, refuted


RULES = {
    "vanishing_gradient": _vanishing_gradient,
    "exploding_gradient": _exploding_gradient,
    "dead_relu": _dead_relu,
    "ill_conditioning": _ill_conditioning,
    "poor_interpretability": _poor_interpretability,
    "overfitting": _overfitting,
    "underfitting": _underfitting,
    "slow_training": _slow_training,
    "memory_pressure": _memory_pressure,
    "divergence": _divergence,
    "large_model": _large_model,
    "class_imbalance": _class_imbalance,
    "covariate_shift": _covariate_shift,
}
