"""The explanation of a trained network that a trial asks for, and how good it is."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ...kernels.threads import one_blas_thread
from ..measurement.allocation import allocated
from .data import split
from .ensemble import outputs
from .explainer import Explainer, Readable, Subject
from .explanation import agreement, known_features
from .faithfulness import faithfulness
from .network import network, training_seed

# Rows of a part that are looked at.
ROWS = 256


@dataclass(frozen=True)
class Explained:
    """The order of inputs that was found, float[inputs], and what it explains.

    predict: of float[b, inputs] to the outputs of the network, or of what stands in its
    place. seconds: that finding the order took, a fit not counted.
    """

    importances: np.ndarray
    predict: Any
    seconds: float


def method(trial) -> Explainer | None:
    """How a trial explains its network, None where it does not.

    What most trials do not ask for is not imported.
    """
    if trial.explanation is None:
        return None
    from .explainers import explainer

    return explainer(trial.explanation)


def is_readable(trial) -> bool:
    """Does a model that is read take the network's place?"""
    asked = method(trial)
    return asked is not None and asked.fit is not None


def _asked(trial) -> Explainer:
    asked = method(trial)
    if asked is None:
        raise ValueError("the trial asks for no explanation; set explanation")
    return asked


def is_numeric(trial) -> bool:
    """Does a trial learn numbers, not classes?"""
    return trial.loss in ("mse", "huber")


def explain(trial, net, params, rows, seed) -> Explained:
    """The explanation that a trial asks for of networks, params: float[members, n].

    On validation rows.

    That of several is the mean of theirs, each of which adds up to one.
    """
    asked, begun = _asked(trial), time.perf_counter()
    how = dict(trial.explanation_options)
    x, y = rows.x_val[:ROWS], rows.y_val[:ROWS]
    key = training_seed(trial, seed)
    found = [asked.importances(Subject(net, p, x, y, key), **how) for p in params]
    seconds = time.perf_counter() - begun
    mean = np.mean([_whole(each) for each in found], axis=0)
    return Explained(mean, partial(outputs, net, params), seconds)


def fitted(trial, rows, seed) -> Readable:
    """The model that takes the network's place, fitted on the training rows."""
    asked, key = _asked(trial), training_seed(trial, seed)
    if asked.fit is None:
        raise ValueError(f"{asked.label} is no model that takes a network's place")
    chosen, numeric = asked.chosen(dict(trial.explanation_options)), is_numeric(trial)
    with one_blas_thread():
        return asked.fit(rows.x_seen, rows.y_seen, numeric, key, **chosen)


def _whole(importances):
    """Importances whose sizes add up to one; all zero where they are."""
    total = np.abs(importances).sum()
    return importances / total if total > 0 else importances


def quality(trial, net, rows, found: Explained):
    """({name: number}, {name: curve}) of an explanation.

    informative_auc: how often an input that matters is ranked above one that does not,
    a tie counts half; precision_at_k: share of those that matter among as many ranked
    highest; where it is not known which matter, surrogate_agreement in their place, see
    `explanation`. deletion, insertion: areas of
    `faithfulness` on test rows; val_faithfulness, test_faithfulness: their difference
    on test rows and, where it is not known which inputs matter, on validation rows.
    Nothing where an importance is no number.
    """
    importances = found.importances
    if not np.isfinite(importances).all():
        return {}, {}
    values, curves = {"explanation_seconds": found.seconds}, {}
    known, inputs = known_features(trial.data), len(importances)
    parts = [("test", rows.x_test[:ROWS], rows.y_test[:ROWS])]
    if known and known < inputs:
        values |= against_truth(importances, known)
    else:
        parts.insert(0, ("val", rows.x_val[:ROWS], rows.y_val[:ROWS]))
        both = rows.x_train[:ROWS], rows.x_val[:ROWS]
        answers = [_answers(net, found.predict(part)) for part in both]
        values["surrogate_agreement"] = agreement(both, answers, is_numeric(trial))
    fill = rows.x_train.mean(axis=0)
    for part, x, y in parts:
        if len(x):
            score = partial(_scores, net, found.predict, y)
            seen = faithfulness(score, x, importances, fill)
            values[f"{part}_faithfulness"] = seen.gain
    if len(rows.x_test):
        values["deletion"], values["insertion"] = seen.areas
        curves["moved"] = seen.share.tolist()
        curves["deletion"] = seen.deletion.tolist()
        curves["insertion"] = seen.insertion.tolist()
    return values, curves | {"importance": importances.tolist()}


def _answers(net, out):
    """Classes of outputs, or the outputs where numbers are learnt."""
    if net.target_kind in ("class", "share"):
        return out.argmax(axis=1)
    return out if net.target_kind == "value" else (out[:, 0] > 0).astype(int)


def against_truth(importances, known):
    """The order against the inputs that matter, which are the first `known`.

    Among equal importances each is as likely to come first.
    """
    from sklearn.metrics import roc_auc_score

    matters = np.arange(len(importances)) < known
    last = np.sort(importances)[-known]
    above, tied = importances > last, importances == last
    found = matters[above].sum() + (known - above.sum()) * matters[tied].mean()
    return {
        "informative_auc": float(roc_auc_score(matters, importances)),
        "precision_at_k": float(found / known),
    }


def _scores(net, predict, y, x):
    """float[points]: accuracy or R^2, at least 0, of x: float[points, rows, inputs]."""
    points, rows, inputs = x.shape
    out = predict(np.ascontiguousarray(x.reshape(-1, inputs)))
    out = out.reshape(points, rows, -1)
    return np.array([max(net.score(np.ascontiguousarray(o), y)[1], 0.0) for o in out])


def run_readable(task):
    """The `Run` of every seed of a task whose model takes the network's place."""
    return [_run_readable(task, seed) for seed in task.seeds]


def _run_readable(task, seed):
    trial = task.condition.trial
    rows, begun = split(trial.data, seed), time.perf_counter()
    model, net = fitted(trial, rows, seed), network(trial, rows)
    seconds = time.perf_counter() - begun
    values, curves = quality(
        trial, net, rows, Explained(model.importances, model.predict, 0.0)
    )
    for part, x, y in (
        ("train", rows.x_train, rows.y_train),
        ("val", rows.x_val, rows.y_val),
        ("test", rows.x_test, rows.y_test),
    ):
        scored = net.score(model.predict(x), y)
        values[f"{part}_loss"], values[f"{part}_metric"] = scored
    # As the ledger of a training does, the rows count.
    held = rows.x_seen.nbytes + rows.y_seen.nbytes
    peak = held + allocated(lambda: fitted(trial, rows, seed))
    # A fit is its one pass over the rows.
    values |= {"epochs": 1, "seconds": seconds, "peak_bytes": peak}
    return task.run(seed, seconds=seconds, bytes=peak, values=values, curves=curves)
