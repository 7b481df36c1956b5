"""A trained network as a file: compressed, written, read again, judged as it runs."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels import LoadedNetwork, keeping_zeros, load_network, save_network
from ..measurement.allocation import allocated
from .compression import COMPRESSIONS, Retraining, compressions

# Rows of a prediction that is timed and measured, at most.
ROWS = 256
_FILE = "network.safetensors"


@dataclass(frozen=True)
class Deployed:
    """What was read from the file, ready for `predict(x)`, and the bytes of the file.

    net: the network after compression, in floats; peak_bytes: most bytes held at once,
    from before the file is read to the end of a prediction.
    """

    net: Any
    model: Any
    file_bytes: int
    peak_bytes: int


def deployed(retraining: Retraining, net, params) -> Deployed:
    """The network of a trial with a deployment, once it is trained.

    params: float[n_values]. Errors, in one sentence each, where a compression cannot be
    applied, and where training on diverges.
    """
    net, params = compact(retraining, net, params)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, _FILE)
        size = _written(path, retraining.trial, net, params)
        peak = peak_of(path, sample_of(retraining.rows))
        return Deployed(net, load_network(path), size, peak)


def from_file(trial, net, params):
    """What is read from the file of a compressed network, ready for `answer`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, _FILE)
        _written(path, trial, net, params)
        return load_network(path)


def _written(path, trial, net, params):
    plan = trial.deployment
    return save_network(path, net, params, plan.numbers, plan.sparse)


def sample_of(rows):
    """float[b, i]: the rows that are predicted to be timed and measured."""
    return np.ascontiguousarray(rows.x_test[:ROWS])


def compact(retraining: Retraining, net, params):
    """(network, params) after all compressions of a trial and its fine-tuning."""
    trial = retraining.trial
    pairs = compressions(trial)
    for name, argument in pairs:
        net, params = COMPRESSIONS[name].compressed(net, params, argument, retraining)
    plan = trial.deployment
    if pairs and plan and plan.fine_tuning:
        params = params.copy()
        retraining.train(net, params, plan.fine_tuning, optimizer=tuning_rule(trial))
    return net, params


def tuning_rule(trial):
    """The optimizer of fine-tuning: pruned weights stay zero. None for the trial's."""
    masked = any(name == "prune" for name, _ in trial.deployment.compression)
    return keeping_zeros(trial.optimizer) if masked else None


def peak_of(path: Path, x) -> int:
    """Bytes held at once while a network is read and predicts x, at most.

    What NumPy and Python allocate; machine code, and the rows themselves, do not count.
    """
    answer(load_network(path), x)  # what is compiled once is no part of it
    return allocated(lambda: answer(load_network(path), x))


def answer(model, x):
    """float[b, o]: what a loaded network predicts, on one thread."""
    if isinstance(model, LoadedNetwork):
        return model.predict(x, threads=1)
    return model.predict(x)


def values_of(trial, found: Deployed) -> dict[str, float | None]:
    """What a run stores of its file; see `training.run_training` for the others."""
    return {
        "file_bytes": found.file_bytes,
        "file_budget": trial.deployment.budget,
        "prediction_bytes": found.peak_bytes,
        "stored_parameters": found.net.n_params,
    }
