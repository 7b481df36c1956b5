"""What a short training, measured from inside, says of a network and its inputs."""

from dataclasses import replace
from typing import Any

import numpy as np

from ...kernels import MINIMISERS, train
from ...kernels.threads import one_blas_thread
from .data import split
from .network import batch_rows
from .setting import setting

# Steps of an examination: a trouble of the gradients shows at the start.
STEPS = 10
# Rows of a step at most, and of the last look at all units: 1 % of them are five.
ROWS = 512
# Rows of the covariance at most.
_SPREAD_ROWS = 2048
# A step so short that it only looks.
_NO_STEP = 1e-12
# Share of the largest eigenvalue below which an input in float32 does not vary.
_RESOLVED = float(np.finfo(np.float32).eps) ** 2

# Names of what `numbers` returns: a detector that reads one is on every page.
NUMBERS = (
    "first_layer_gradient_rms",
    "last_layer_gradient_rms",
    "dead_fraction",
    "saturated_fraction",
    "update_ratio",
    "condition_number",
    "lambda_max_over_mean",
)


def numbers(net, diagnostics, x, whole=None):
    """{name: number} of `NUMBERS`: one network's, NaN where there is nothing of a kind.

    diagnostics: `Diagnostics` of its training; x: float[rows, ...], its inputs; whole:
    those of a last step on many rows, where units are counted: one that 2 % of the rows
    activate rests in half of all batches of 32. None: the last step of the training.
    first_layer_gradient_rms, last_layer_gradient_rms: norm of the gradient / sqrt(
    parameters), of the first and last layer with weights, the median over the steps.
    dead_fraction: of the units of a ReLU layer those active on less than 1 % of the
    rows; saturated_fraction: activations without slope of a sigmoid or tanh layer; both
    of the worst layer. update_ratio: |step| / |parameters| of the layer that moves
    most, the median over the steps.
    """
    steps = _taken(diagnostics)
    sizes = np.array([max(node.size, 1) for node in net.nodes])
    rms = _medians(diagnostics.gradient_norm[steps] / np.sqrt(sizes))
    with_weights = [rms[k] for k, node in enumerate(net.nodes) if node.plan.rows]
    seen = diagnostics if whole is None else whole
    last = np.flatnonzero(_taken(seen))[-1:]
    found = (
        *((with_weights[0], with_weights[-1]) if with_weights else (np.nan, np.nan)),
        _most(seen.dead_units[last][:, _of(net, "relu")]),
        _most(seen.saturated[last][:, _of(net, "sigmoid", "tanh")]),
        _most(_medians(diagnostics.update_ratio[steps])),
        *spread(x),
    )
    return dict(zip(NUMBERS, map(float, found), strict=True))


def _taken(diagnostics):
    """bool[steps]: those of which all is known; a run that diverges takes no others."""
    moved = np.isfinite(diagnostics.update_ratio).any(axis=1)
    return moved & np.isfinite(diagnostics.loss)


def _medians(values):
    """float[layers] of float[steps, layers], NaN where nothing is finite."""
    finite = [column[np.isfinite(column)] for column in values.T]
    return [np.median(column) if column.size else np.nan for column in finite]


def _of(net, *activations):
    return [k for k, node in enumerate(net.nodes) if node.activation in activations]


def _most(values):
    known = np.asarray(values)[np.isfinite(values)]
    return known.max() if known.size else np.nan


def spread(x):
    """(condition number, largest / mean eigenvalue) of the inputs' covariance.

    x: float[rows, ...]. Of the directions in which the rows vary: no gradient leads
    into the others, such as a constant column. NaN where nothing varies.
    """
    rows = np.asarray(x[:_SPREAD_ROWS], dtype=np.float64).reshape(-1, x[0].size)
    with one_blas_thread():
        found = np.linalg.eigvalsh(np.atleast_2d(np.cov(rows, rowvar=False)))
    values = found[found > found[-1] * len(found) * _RESOLVED]
    if not values.size:
        return np.nan, np.nan
    return float(values[-1] / values[0]), float(values[-1] / values.mean())


def run_examination(task):
    """The `Run` of every seed of a task: its first steps, diagnosed, on one thread."""
    return [_run_one(task, seed) for seed in task.seeds]


def _run_one(task, seed):
    trial = task.condition.trial
    status, seconds, values = examined(trial, split(trial.data, seed), seed)
    return task.run(seed, status=status, seconds=seconds, values=values)


def examined(trial, rows, seed):
    """(status, seconds, `numbers`) of the first steps of a trial on a split.

    At most `STEPS` steps of at most `ROWS` rows, then one that only looks. A minimiser
    takes no steps that can be diagnosed: it is looked at where it starts.
    """
    if trial.optimizer in MINIMISERS:
        start: dict[str, Any] = {
            "optimizer": "gradient_descent",
            "hyper": (),
            "lr": _NO_STEP,
        }
        trial = replace(trial, **start)
    net, params, how = setting(trial, rows, seed)
    of_step = min(ROWS, batch_rows(trial, len(rows.x_seen)))
    x, y = (part[: STEPS * of_step] for part in (rows.x_seen, rows.y_seen))
    steps_of_epoch = -(-len(x) // of_step)
    how |= {
        "epochs": min(trial.epochs, max(1, STEPS // steps_of_epoch)),
        "patience": None,
        "micro_batch": None,
        "threads": 1,
        "device": "cpu",
        "diagnostics": True,
    }
    history = train(net, params, x, y, **how)
    look = how | {"batch_size": None, "epochs": 1, "lr": _NO_STEP}
    x, y = rows.x_seen[:ROWS], rows.y_seen[:ROWS]
    whole = None
    if history.status != "diverged":
        whole = train(net, params, x, y, **look).diagnostics
    values = numbers(net, history.diagnostics, rows.x_train, whole)
    return history.status, history.seconds, values
