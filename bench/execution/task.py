"""What is run at once: the trial of one condition on its seeds, and its key."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

from ...kernels.sources import training_source
from ...scenarios import Trial
from .compression import compression_files
from .network import layer_files
from .record import Run

# Raised by hand when the meaning of a stored value changes.
RECORDS = 1
# Fields that trials got when runs were stored already, and what they are unused.
_ADDED: dict[str, Any] = {
    "deployment": None,
    "wrapping": (),
    "explanation": None,
    "explanation_options": (),
    "decision": "likeliest",
    "gain": 1.0,
    "warm_start": (),
}
# The same of its data.
_ADDED_DATA: dict[str, Any] = {"selection": (), "weighting": ()}
# The same of a trial's memory.
_ADDED_MEMORY: dict[str, Any] = {"in_place": False}


@dataclass(frozen=True)
class Condition:
    """One trial of a scenario: the baseline, a fix, a control or a reference."""

    scenario: str
    fix: str
    role: str
    trial: Trial


@dataclass(frozen=True)
class Task:
    """A condition, the seeds still to run, and how.

    kind: `train`, `examine` (first steps, diagnosed), `watch` (all steps, diagnosed),
    `time` (steps in turns), `price` (passes in turns) or `guard`.

    device: where it is asked to train, as in `kernels.train`; "auto" only where there
    is a GPU to choose.
    """

    condition: Condition
    seeds: tuple[int, ...]
    kind: str
    device: str = "cpu"

    def key(self, seed):
        """The key of this task's run of a seed."""
        return key(self.condition, seed, self.kind, self.device)

    def stored(self, store):
        """{seed: run} of those that a store holds."""
        runs = ((seed, store.get(self.key(seed))) for seed in self.seeds)
        return {seed: run for seed, run in runs if run}

    def run(self, seed, **outcome):
        """The `Run` of a seed: what was run, and the fields of what became of it."""
        c = self.condition
        about = (self.key(seed), c.scenario, c.fix, c.role, seed)
        return Run(*about, trial=asdict(c.trial), **outcome)


def kind_of(trial, metric):
    """How a trial is run: under a byte budget, against the clock, or simply trained."""
    if trial.memory.budget is not None:
        return "guard"
    return "time" if metric == "seconds_per_step" else "train"


def key(condition, seed, kind, device="cpu"):
    """sha256 of all that defines a run: trial, kernel sources, data version, seed.

    device: the processor is what is meant where nothing is said.
    """
    where = {} if device == "cpu" else {"device": device}
    made_of = _once(training_source, device, tuple(named_by(condition.trial)))
    return hashed(seed, kernels=made_of, kind=kind, **where, **_said(condition))


@cache
def _once(source, device, named):
    """source(device, named): code that is running stays what it was."""
    return source(device, named)


@lru_cache(maxsize=1024)
def _said(condition):
    """A condition as its key holds it; nobody may write to it."""
    return asdict(condition) | {"trial": declared(condition.trial)}


def declared(trial: Trial) -> dict[str, Any]:
    """A trial as a key holds it: what was added since, and is not used, is left out."""
    said = asdict(trial)
    said["data"] = _used(said["data"], _ADDED_DATA)
    said["memory"] = _used(said["memory"], _ADDED_MEMORY)
    return _used(said, _ADDED)


def _used(said, added):
    return {k: v for k, v in said.items() if k not in added or v != added[k]}


def named_by(trial):
    """(folder, file) of the kernels that a trial names."""
    return [
        ("optimizers", trial.optimizer),
        ("minimisers", trial.optimizer),
        ("schedules", trial.schedule),
        *(("layers", name) for name in layer_files(trial)),
        *((".", name) for name, _ in trial.wrapping),
        *[("compression", "file")] * (trial.deployment is not None),
        *(("compression", file) for file in compression_files(trial)),
    ]


def hashed(seed: int, **about: Any) -> str:
    """sha256 of what defines a run, of how records are read, and of the data."""
    shared = {"records": RECORDS, "data": data_version(), "seed": seed}
    text = json.dumps(shared | about, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def data_version():
    """scikit-learn ships the data sets and draws the synthetic ones."""
    from importlib.metadata import version

    return f"scikit-learn {version('scikit-learn')}"
