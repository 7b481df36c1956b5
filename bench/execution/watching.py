"""A training that is watched from inside: what its layers do, epoch by epoch.

Rules of others read gradients and units of the whole training, where an examination
looks at its first steps alone.
"""

import numpy as np

from ...kernels import train
from .data import split
from .domains import domain_auc
from .examination import NUMBERS, examined
from .network import batch_rows
from .setting import setting
from .training import final_values, progress_values, thinned

# Curves of the layers, a value an epoch, beside those of `History`.
LAYER_CURVES = (
    "first_gradient_norm",
    "last_gradient_norm",
    "first_gradient_rms",
    "dead_units",
)


def run_watch(task):
    """The `Run` of every seed of a task, trained on one thread.

    values: as `run_training` has them, `examination.NUMBERS` of the first steps, and
    zero_gradients, the share of parameters without a gradient on the first batch after
    the training, and domain_auc, of training against validation inputs. curves: the
    history's and `LAYER_CURVES`.
    """
    return [_watched(task, seed) for seed in task.seeds]


def _watched(task, seed):
    trial = task.condition.trial
    rows = split(trial.data, seed)
    net, params, how = setting(trial, rows, seed)
    how |= {"threads": 1, "device": "cpu", "diagnostics": True}
    history = train(
        net,
        params,
        rows.x_seen,
        rows.y_seen,
        validation=(rows.x_val, rows.y_val),
        **how,
    )
    curves = {
        name: getattr(history, name)
        for name in ("train_loss", "val_loss", "train_metric", "val_metric")
    }
    _, _, first_steps = examined(trial, rows, seed)
    values = {
        **final_values(net, params[None], rows),
        **progress_values(trial, curves, len(rows.x_seen)),
        **{name: first_steps[name] for name in NUMBERS},
        "zero_gradients": _zero_gradients(trial, net, params, rows),
        **guesses(net, rows),
        "domain_auc": domain_auc(rows.x_train, rows.x_val),
        "epochs": history.epochs,
        "seconds": history.seconds,
    }
    layers = layer_curves(net, history.diagnostics, history.epochs)
    return task.run(
        seed,
        status=history.status,
        seconds=history.seconds,
        values=values,
        curves=thinned(curves | layers),
    )


def _zero_gradients(trial, net, params, rows):
    """Share of entries of the gradient of the first batch that are zero."""
    if not np.isfinite(params).all():
        return np.nan
    size = batch_rows(trial, len(rows.x_seen))
    _, gradient = net.loss_and_grad(params, rows.x_seen[:size], rows.y_seen[:size])
    return float(np.mean(gradient == 0))


def guesses(net, rows):
    """Loss and metric of guessing by the training rows, on training and test rows.

    The guess: the classes' shares, or the mean of the targets.
    """
    y = rows.y_train
    if net.loss == "mse":
        answer = y.mean(axis=0)
    else:
        share = np.bincount(y[:, 0].astype(int), minlength=rows.outputs) / len(y)
        answer = np.log(np.maximum(share, 1e-12))
    found = {}
    for part, x, y in (
        ("train", rows.x_train, rows.y_train),
        ("test", rows.x_test, rows.y_test),
    ):
        said = np.tile(answer.astype(np.float32), (len(x), 1))
        loss, metric = net.score(said, y)
        found[f"{part}_guess_loss"], found[f"{part}_guess_metric"] = loss, metric
    return found


def layer_curves(net, diagnostics, epochs):
    """{name of `LAYER_CURVES`: float[epochs]} of a training's `Diagnostics`.

    Norms of the gradient of the first and of the last layer with weights, and its root
    mean square in the first: medians over the steps of an epoch. dead_units: share of
    the units of a ReLU layer that are active on less than 1 % of the batch's rows, mean
    over the steps, of the worst layer; NaN where there is no ReLU.
    """
    weighted = [k for k, node in enumerate(net.nodes) if node.plan.rows]
    first, last = weighted[0], weighted[-1]
    norms = diagnostics.gradient_norm
    relu = [k for k, node in enumerate(net.nodes) if node.activation == "relu"]
    dead = _each_epoch(diagnostics.dead_units[:, relu], epochs, np.mean)
    return {
        "first_gradient_norm": _each_epoch(norms[:, first], epochs, np.median),
        "last_gradient_norm": _each_epoch(norms[:, last], epochs, np.median),
        "first_gradient_rms": _each_epoch(norms[:, first], epochs, np.median)
        / np.sqrt(max(net.nodes[first].size, 1)),
        "dead_units": dead.max(axis=1) if relu else np.full(epochs, np.nan),
    }


def _each_epoch(values, epochs, middle):
    """middle of float[steps, ...] over the steps of each epoch; NaN stays NaN."""
    parts = np.array_split(values, epochs)
    with np.errstate(invalid="ignore"):
        return np.stack([middle(part, axis=0) for part in parts])
