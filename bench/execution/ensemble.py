"""Several networks of one trial as one: their outputs are averaged.

Source: Hansen & Salamon (1990), Neural network ensembles, IEEE Transactions on Pattern
Analysis and Machine Intelligence 12.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, logit, logsumexp

from ...kernels.history import CURVE_NAMES
from .network import RESTART


@dataclass(frozen=True)
class Ensemble:
    """What became of the networks of one seed, a single one being the usual case.

    params: float[members, n]; curves: {name: float[epochs]}, means of the members';
    reason: why the first that did not end well did so, empty where all did.
    """

    params: np.ndarray
    curves: dict[str, np.ndarray]
    status: str
    reason: str
    epochs: int
    seconds: float


def member_seeds(seed, members):
    """The training seeds of the members: they share the data but no draw."""
    return [seed + member * _APART for member in range(members)]


# Far from the seeds of a restart, which share the data too.
_APART = 7 * RESTART


def ensembles(population, members):
    """The `Ensemble`s of a population whose runs stand member by member."""
    count = len(population.status) // members
    return [
        _ensemble(population, range(k * members, (k + 1) * members))
        for k in range(count)
    ]


def _ensemble(population, runs):
    """Diverged where one did; as long as the shortest."""
    states = [population.status[k] for k in runs]
    epochs = min(int(population.epochs[k]) for k in runs)
    first, end = runs[0], runs[-1] + 1
    counted = () if population.evaluations is None else ("evaluations",)
    return Ensemble(
        params=population.params[first:end],
        curves={
            name: getattr(population, name)[first:end, :epochs].mean(axis=0)
            for name in (*CURVE_NAMES, *counted)
        },
        status="diverged" if "diverged" in states else states[0],
        reason=next((r for r in population.reasons[first:end] if r), ""),
        epochs=epochs,
        seconds=float(sum(population.seconds[k] for k in runs)),
    )


def outputs(net, params, x):
    """float[b, o]: the mean prediction as outputs of the network's own kind.

    params: float[members, n]. Probabilities are averaged, and come back as logits.
    """
    every = np.stack([net.predict(each, x) for each in params])
    if len(every) == 1:
        return every[0]
    if net.target_kind in ("class", "share"):
        logs = log_softmax(every, axis=2)
        return (logsumexp(logs, axis=0) - np.log(len(every))).astype(every.dtype)
    if net.target_kind == "binary":
        return logit(expit(every.astype(np.float64)).mean(axis=0)).astype(every.dtype)
    return every.mean(axis=0)
