"""Trials that are simply trained: all seeds of a condition as one population."""

import math

import numpy as np

from ...kernels import train_population
from ...kernels.cuda.support import why_not, without_twin
from ...kernels.history import CURVE_NAMES
from ..errors import ResourceUnavailable
from .data import split
from .explanation import EXPLAINED, EXPLAINED_SEEDS, explained, known_features
from .network import batch_rows, ledger, network, options, training_seed
from .setting import dtype_of

# Points of a stored curve: enough for a picture, few enough for a page.
CURVE_POINTS = 200
# Passes over which progress is measured while the target is not reached.
_WINDOW = 10


def run_training(task, threads):
    """The `Run` of every seed of a task, trained side by side on `threads` threads.

    Raises ResourceUnavailable where "cuda" is asked for and cannot train the network.
    """
    trial, seeds = task.condition.trial, task.seeds
    splits = [split(trial.data, seed) for seed in seeds]
    net, population = trained(trial, seeds, splits, threads, task.device)
    return [
        _record(task, net, rows, population, index) for index, rows in enumerate(splits)
    ]


def trained(trial, seeds, splits, threads, device="cpu"):
    """(network, its `Population`) of a trial on a split a seed, all of one shape.

    Raises ResourceUnavailable as `run_training`.
    """
    net, how = network(trial, splits[0]), options(trial)
    if device == "cuda" and (reason := without_twin(net)):
        raise ResourceUnavailable(f"{reason[0].upper()}{reason[1:]}.")
    population = train_population(
        net,
        np.stack([s.x_train for s in splits]),
        np.stack([s.y_train for s in splits]),
        seeds=[training_seed(trial, seed) for seed in seeds],
        lr=trial.lr,
        validation=(
            np.stack([s.x_val for s in splits]),
            np.stack([s.y_val for s in splits]),
        ),
        threads=threads,
        initialiser=trial.initialiser,
        dtype=dtype_of(trial),
        # A scenario's trials are compared with each other: none is left out for this.
        device="cpu" if why_not(**how) else device,
        **how,
    )
    return net, population


def _record(task, net, split, population, index):
    trial, seed = task.condition.trial, task.seeds[index]
    epochs = int(population.epochs[index])
    curves = {name: getattr(population, name)[index, :epochs] for name in CURVE_NAMES}
    explanation, importance = {}, {}
    if task.condition.role in EXPLAINED and index < EXPLAINED_SEEDS:
        explanation, importance = _explanation(
            trial, net, population.params[index], split, seed
        )
    predicted = ledger(trial, net, len(split.x_train)).total
    values = {
        **final_values(net, population.params[index], split),
        **progress_values(trial, curves, len(split.x_train)),
        **_curvature(trial, split),
        **explanation,
        "epochs": epochs,
        "seconds": population.seconds[index],
        "predicted_bytes": predicted,
    }
    return task.run(
        seed,
        status=population.status[index],
        seconds=float(population.seconds[index]),
        bytes=predicted,
        device=population.device,
        values=values,
        curves=thinned(curves) | importance,
    )


def _explanation(trial, net, params, split, seed):
    """Numbers of `explained`, and the importances as a curve."""
    known = known_features(trial.data)
    numbers, importance = explained(net, params, split, known, seed)
    if importance is None:
        return numbers, {}
    return numbers, {"importance": importance.tolist()}


def final_values(net, params, split):
    """Loss and metric of the trained network on training, validation and test rows."""
    values = {}
    for part, x, y in (
        ("train", split.x_train, split.y_train),
        ("val", split.x_val, split.y_val),
        ("test", split.x_test, split.y_test),
    ):
        loss, metric = net.evaluate(params, x, y)
        values[f"{part}_loss"], values[f"{part}_metric"] = loss, metric
    return values


def progress_values(trial, curves, rows):
    """What the curves say: first, last and best losses, and the way to the target.

    An evaluation is one gradient over all training rows: the passes over the data,
    whatever the batch. A target that is not reached is infinitely far.
    """
    train, val = curves["train_loss"], curves["val_loss"]
    finite = val[np.isfinite(val)]
    values = {
        "first_loss": train[0],
        "final_loss": train[-1],
        "best_val_loss": finite.min() if finite.size else math.nan,
    }
    if trial.target is not None:
        reached = np.flatnonzero(val <= trial.target)
        passes = float(reached[0] + 1) if reached.size else math.inf
        steps = -(-rows // batch_rows(trial, rows))
        values["evaluations_to_target"] = passes
        values["steps_to_target"] = passes * steps
        values["late_drop"] = _late_drop(train, passes)
    return values


def _late_drop(loss, passes):
    """Relative fall of the loss over the last ten passes above the target."""
    end = int(min(passes, len(loss))) - 1
    start = max(0, end - _WINDOW)
    if end == start or not loss[start] > 0:
        return math.nan
    return float(1.0 - loss[end] / loss[start])


def _curvature(trial, split):
    """Learning rate and largest Hessian eigenvalue of a least-squares regression.

    The mean squared error's Hessian is 2 X^T X / rows, X with a column of ones for the
    bias; a summed gradient has no division by the rows. The threshold on the rate is
    that of plain gradient descent: other rules have none of this form.
    """
    plain = trial.optimizer == "gradient_descent" and trial.clip_norm is None
    if (
        not plain
        or trial.hidden
        or trial.layers
        or trial.loss != "mse"
        or split.outputs != 1
    ):
        return {}
    x = np.column_stack([split.x_train, np.ones(len(split.x_train))])
    scale = 1.0 if trial.reduction == "sum" else 1.0 / len(x)
    largest = np.linalg.eigvalsh(2.0 * scale * x.T @ x)[-1]
    return {"lr": trial.lr, "lambda_max": float(largest)}


def thinned(curves):
    """Curves as lists of at most `CURVE_POINTS` points, beside their `epoch`s."""
    length = len(next(iter(curves.values())))
    points = min(length, CURVE_POINTS)
    keep = np.unique(np.linspace(0, length - 1, points).round().astype(int))
    return {
        "epoch": (keep + 1).tolist(),
        **{name: np.asarray(curve)[keep].tolist() for name, curve in curves.items()},
    }
