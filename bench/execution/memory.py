"""Trials under a byte budget: trained in a guarded child, their peak measured.

The rows lie in files that the parent wrote. A trial that does not fit is run once more
under the safety cap, so that its real need is known and effects are not cut off at the
budget.
"""

import tempfile
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from ...kernels import train
from ...scenarios import SCENARIOS, Dataset, Trial, layer
from ..measurement.memory import mapped_bytes
from .data import split
from .network import ledger, network, options, piece_rows
from .setting import refuse_differences, setting
from .starts import dtype_of
from .training import final_values

WARM_UP = f"{__name__}:warm_up"
_STEP = f"{__name__}:train_from_files"
_TIMEOUT = 60.0
# What a trial may ask for beside any optimizer, and its layers beside dense ones.
_PLANS = (
    {},
    {"micro_batch": 2},
    {"checkpoint": 2},
    {"storage": "float16"},
    {"storage": "bfloat16"},
)
_GUARDED_LAYERS = (
    layer("Dense", outputs=4),
    layer("LayerNorm"),
    layer("Activation", activation="relu"),
)
# A guarded child has no validation rows, which would take memory.
HONOURED = {field.name for field in fields(Trial)} - {
    "patience",
    "members",
    "deployment",
    "decision",
    "warm_start",
}
_PATH = "a guarded training"


def run_guarded(task, server):
    """The `Run` of every seed of a task, one guarded child after the other."""
    return [_run_one(task, seed, server) for seed in task.seeds]


def _run_one(task, seed, server):
    trial = task.condition.trial
    rows = split(trial.data, seed)
    net = network(trial, rows)
    predicted = ledger(trial, net, len(rows.x_seen))
    plain = replace(trial, patience=None, members=1, deployment=None)
    plain = replace(plain, decision="likeliest")
    refuse_differences([trial, plain], HONOURED, _PATH)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("x_seen", "y_seen"):
            kept = getattr(rows, name).astype(dtype_of(trial))
            np.save(Path(folder, f"{name}.npy"), kept)
        argument = (trial, rows.outputs, folder, seed)
        budget = {"budget": trial.memory.budget, "predicted": predicted.total}
        outcome = server.run(_STEP, argument, timeout=_TIMEOUT, **budget)
        need = outcome
        if outcome.status in ("MemoryError", "killed"):
            budget["budget"] = None  # as much as is safe
            need = server.run(_STEP, argument, timeout=_TIMEOUT, **budget)
    values = {f"predicted_{part}": size for part, size in vars(predicted).items()}
    values |= {"predicted_bytes": predicted.total, "budget": trial.memory.budget}
    if need.status == "fits":
        told = dict(need.result)
        values |= final_values(net, told.pop("params")[None], rows)
        values |= {"peak_bytes": need.peak_bytes, **told}
    return task.run(
        seed,
        status="ok" if outcome.status == "fits" else outcome.status,
        reason=outcome.reason or None,
        seconds=values.get("seconds"),
        bytes=values.get("peak_bytes"),
        values=values,
    )


def train_from_files(argument):
    """In the child: read or map the rows, train; params, seconds and mapped_bytes.

    mapped_bytes: pages of the files of rows that are in memory at the end. The mapping
    is shared: its pages belong to the file, the system can drop them at any time, and
    no limit on the child counts them.
    """
    trial, outputs, folder, seed = argument
    mode = "r+" if trial.memory.stream else None
    x = np.load(Path(folder, "x_seen.npy"), mmap_mode=mode)
    y = np.load(Path(folder, "y_seen.npy"), mmap_mode=mode)
    net, params, how = setting(trial, _Shapes(x, outputs), seed)
    how |= {"micro_batch": piece_rows(trial, len(x)), "threads": 1, "device": "cpu"}
    began = time.perf_counter()
    train(net, params, x, y, **how)
    seconds = time.perf_counter() - began
    return {
        "params": params,
        "seconds": seconds,
        "mapped_bytes": mapped_bytes(folder),
    }


class _Shapes:
    """What `network` asks of a split, known from the files."""

    def __init__(self, x, outputs):
        self.x_train, self.outputs = x, outputs


def warm_up():
    """In the server: load every kernel that a trial may call, so no child compiles."""
    data = Dataset("classification")
    x = np.zeros((8, 4), dtype=np.float32)
    y = np.zeros((8, 1), dtype=np.float32)
    plain = Trial(data, hidden=(4, 4, 4), batch_size=4, epochs=1)
    for optimizer in guarded("optimizer"):
        for plan in _PLANS:
            memory = replace(plain.memory, **plan)
            _try(replace(plain, optimizer=optimizer, memory=memory), x, y)
    for loss in guarded("loss"):
        _try(replace(plain, loss=loss), x, y)
    _try(replace(plain, hidden=(), layers=_GUARDED_LAYERS), x, y)
    # Room that BLAS packs large matrices in, and keeps, is nobody's.
    wide = replace(plain, hidden=(1024, 1024), batch_size=512)
    _try(wide, np.zeros((512, 64), np.float32), np.zeros((512, 1), np.float32))


def guarded(field):
    """What the trials under a budget have in a field, in order.

    What others have would be compiled for nothing.
    """
    questions = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
    found = {
        getattr(trial, field)
        for question in questions
        for trial in question.trials
        if trial.memory.budget is not None
    }
    return sorted(found)


def _try(trial, x, y):
    outputs = 1 if trial.loss in ("mse", "huber") else 2
    net = network(trial, _Shapes(x, outputs))
    train(net, net.init(), x, y, lr=0.1, threads=1, **options(trial))
