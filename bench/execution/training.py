"""Trials that are simply trained: all seeds of a condition as one population."""

import math
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from ...kernels import MINIMISERS, train_population
from ...kernels.cuda.support import why_not, without_twin
from ..errors import ResourceUnavailable
from .compression import Retraining
from .data import split
from .deployment import answer, deployed, values_of
from .domains import domain_values
from .ensemble import ensembles, member_seeds, outputs
from .explaining import explain, is_readable, quality, run_readable
from .explanation import EXPLAINED, EXPLAINED_SEEDS, explained, known_features
from .gradient_noise import noise_values
from .network import batch_rows, ledger, network, options, training_seed
from .recognition import recognised, with_threshold
from .starts import begun, dtype_of, earlier_passes, is_plain

# Points of a stored curve: enough for a picture, few enough for a page.
CURVE_POINTS = 200
# Passes over which progress is measured while the target is not reached.
_WINDOW = 10


def run_training(task, threads):
    """The `Run` of every seed of a task, trained side by side on `threads` threads.

    Raises ResourceUnavailable where "cuda" is asked for and cannot train the network.
    """
    trial = task.condition.trial
    if is_readable(trial):
        return run_readable(task)
    splits = [split(trial.data, seed) for seed in task.seeds]
    if trial.deployment:
        alone = replace(trial, deployment=None)
        net, found, device = _trained_once(alone, task.seeds, threads, task.device)
    else:
        net, found, device = trained(trial, task.seeds, splits, threads, task.device)
    runs = [
        _record(task, net, rows, (index, device, outcome))
        for index, (rows, outcome) in enumerate(zip(splits, found, strict=True))
    ]
    if not trial.deployment:
        return runs
    return [
        _with_file(run, Retraining(trial, rows, run.seed, threads), net, outcome.params)
        for run, rows, outcome in zip(runs, splits, found, strict=True)
    ]


@lru_cache(maxsize=4)
def _trained_once(trial, seeds, threads, device):
    """`trained`; many compressions begin with the same network."""
    splits = [split(trial.data, seed) for seed in seeds]
    return trained(trial, seeds, splits, threads, device)


def _with_file(run, retraining, net, params):
    """The run, judged by the network in its file; one that diverged has none."""
    if run.status == "diverged":
        return run
    found = deployed(retraining, net, params[0])
    scores = scores_of(found.net, partial(answer, found.model), retraining.rows)
    values = run.values | scores | values_of(retraining.trial, found)
    return replace(run, values=values)


def trained(trial, seeds, splits, threads, device="cpu"):
    """(network, an `Ensemble` a seed, device) of a trial on a split a seed.

    The splits are of one shape. Raises ResourceUnavailable as `run_training`.
    """
    members = trial.members
    starts = [training_seed(trial, seed) for seed in seeds]
    keys = [key for start in starts for key in member_seeds(start, members)]
    every = [rows for rows in splits for _ in range(members)]
    net, how = network(trial, splits[0]), options(trial)
    if device == "cuda" and (reason := without_twin(net)):
        raise ResourceUnavailable(f"{reason[0].upper()}{reason[1:]}.")
    population = train_population(
        net,
        np.stack([rows.x_seen for rows in every]),
        np.stack([rows.y_seen for rows in every]),
        seeds=keys,
        lr=trial.lr,
        validation=(
            np.stack([rows.x_val for rows in every]),
            np.stack([rows.y_val for rows in every]),
        ),
        threads=threads,
        initialiser=trial.initialiser,
        dtype=dtype_of(trial),
        params=None if is_plain(trial) else _starts(net, trial, every, keys),
        # A scenario's trials are compared with each other: none is left out for this.
        device="cpu" if _only_here(trial, how) else device,
        **how,
    )
    return net, ensembles(population, members), population.device


def _only_here(trial, how):
    """Is it trained by what no GPU runs?"""
    return trial.optimizer in MINIMISERS or why_not(**how) is not None


def _starts(net, trial, every, keys):
    """float[r, n_values]: where each network begins on its split."""
    pairs = zip(every, keys, strict=True)
    return np.stack([begun(net, trial, rows, key) for rows, key in pairs])


def _record(task, net, split, outcome):
    """The `Run` of a seed. outcome: (its place in the task, device, `Ensemble`)."""
    index, device, found = outcome
    trial, seed, curves = task.condition.trial, task.seeds[index], found.curves
    earlier = earlier_passes(trial, split)
    explanation, importance = {}, {}
    known = task.condition.role in EXPLAINED and index < EXPLAINED_SEEDS
    if trial.explanation is not None:
        explanation, importance = _asked(trial, net, found.params, split, seed)
    elif known and not trial.deployment:  # what is judged is another network
        explanation, importance = _explanation(trial, net, found.params, split, seed)
    predicted = ledger(trial, net, len(split.x_seen)).total
    predicted += found.params[1:].nbytes  # of the members that were trained before
    progress = progress_values(trial, curves, len(split.x_seen), earlier)
    passes = progress.get("evaluations_to_target", math.inf)
    values = {
        **final_values(net, found.params, split, trial.decision),
        **domain_values(trial.data, seed),
        **progress,
        **noise_values(task, net, split, seed, passes),
        **_curvature(trial, split),
        **explanation,
        "epochs": found.epochs,
        "seconds": found.seconds,
        "predicted_bytes": predicted,
        **({"earlier_passes": earlier} if earlier else {}),
    }
    return task.run(
        seed,
        status=found.status,
        seconds=found.seconds,
        bytes=predicted,
        device=device,
        values=values,
        curves=thinned(curves) | importance,
    )


def _explanation(trial, net, params, split, seed):
    """Numbers of `explained`, and the importances as a curve."""
    known = known_features(trial.data)
    numbers, importance = explained(net, params[0], split, known, seed)
    if importance is None:
        return numbers, {}
    return numbers, {"importance": importance.tolist()}


def _asked(trial, net, params, split, seed):
    """Numbers and curves of the explanation that a trial asks for."""
    if not np.isfinite(params).all():
        return {}, {}
    return quality(trial, net, split, explain(trial, net, params, split, seed))


def final_values(net, params, split, decision="likeliest"):
    """`scores_of` the mean of networks, params: float[k, n].

    decision: as of `Trial`.
    """
    predict = partial(outputs, net, params)
    if decision == "balanced":
        predict = with_threshold(predict, split.x_val, split.y_val)
    return scores_of(net, predict, split)


def scores_of(net, predict, split):
    """Loss and metric on training, validation and test rows of predict(x).

    Of classes what `recognised` says too.
    """
    values = {}
    for part, x, y in (
        ("train", split.x_train, split.y_train),
        ("val", split.x_val, split.y_val),
        ("test", split.x_test, split.y_test),
    ):
        found = predict(x)
        loss, metric = net.score(found, y)
        values[f"{part}_loss"], values[f"{part}_metric"] = loss, metric
        more = recognised(net, found, y)
        values |= {f"{part}_{name}": value for name, value in more.items()}
    return values


def progress_values(trial, curves, rows, earlier=0.0):
    """What the curves say: first, last and best losses, and the way to the target.

    An evaluation is one gradient over all training rows: the passes over the data,
    whatever the batch; where the curves count them, a step may take several. earlier:
    those of a training that came before. A target that is not reached is infinitely
    far.
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
        epochs = float(reached[0] + 1) if reached.size else math.inf
        steps = -(-rows // batch_rows(trial, rows))
        values["evaluations_to_target"] = _evaluations(curves, epochs) + earlier
        values["steps_to_target"] = epochs * steps
        values["late_drop"] = _late_drop(train, epochs)
    return values


def _evaluations(curves, epochs):
    """Gradients of all rows in the first epochs, one each where none are counted."""
    if "evaluations" not in curves or not math.isfinite(epochs):
        return epochs
    return float(np.sum(curves["evaluations"][: int(epochs)]))


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
    plain = plain and not trial.wrapping
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
