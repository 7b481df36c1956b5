"""What is stored stays valid: keys of runs change only when it is meant."""

import hashlib
import json
from dataclasses import asdict, replace

import pytest
from gradclinic.bench.execution import population, task
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.execution.task import Condition
from gradclinic.scenarios import Dataset, Trial
from gradclinic.scenarios.problems import PROBLEMS

CONDITION = Condition("s", "f", "fix", Trial(Dataset("digits"), lr=0.5))


LATER = (
    "deployment",
    "wrapping",
    "explanation",
    "explanation_options",
    "decision",
    "gain",
    "warm_start",
)
LATER_OF_DATA = ("selection", "weighting")


def as_stored(trial):
    """What is not used, and came when runs were stored already, is left out."""
    said = {k: v for k, v in asdict(trial).items() if k not in LATER}
    data = {k: v for k, v in said["data"].items() if k not in LATER_OF_DATA}
    memory = {k: v for k, v in said["memory"].items() if k != "in_place"}
    return said | {"data": data, "memory": memory}


def sha256(**parts):
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@pytest.fixture(autouse=True)
def sources(monkeypatch):
    """Hashes of the sources and versions of the data are known."""
    monkeypatch.setattr(task, "training_source", lambda *_, **__: "kernels 1")
    monkeypatch.setattr(task, "data_version", lambda: "data 1")
    monkeypatch.setattr(population, "training_source", lambda **_: "engine 1")


@pytest.mark.parametrize("device", ["cpu", "cuda", "auto"])
@pytest.mark.parametrize("kind", ["train", "price"])
def test_the_key_of_a_scenario_s_run(device, kind):
    """Raise `task.RECORDS` where this must change: stored runs are run again."""
    where = {} if device == "cpu" else {"device": device}
    assert task.RECORDS == 1
    assert task.key(CONDITION, 3, kind, device) == sha256(
        records=1,
        kernels="kernels 1",
        data="data 1",
        scenario="s",
        fix="f",
        role="fix",
        trial=as_stored(CONDITION.trial),
        seed=3,
        kind=kind,
        **where,
    )
    assert task.key(CONDITION, 3, kind) == task.key(CONDITION, 3, kind, "cpu")


def test_the_key_of_a_run_of_the_study():
    """Raise `task.RECORDS` where this must change."""
    wine, adam, options = PROBLEMS["wine"], registered("adam"), {"lr": 0.1}
    assert task.RECORDS == 1
    expected = sha256(
        records=1,
        engine="engine 1",
        optimizer=["adam", adam.source],
        data="data 1",
        problem=["wine", as_stored(wine.trial)],
        options=options,
        seed=7,
    )
    assert population.key(wine, adam, options, 7) == expected
    others = {
        population.key(PROBLEMS["digits_mlp"], adam, options, 7),
        population.key(wine, registered("adamw"), options, 7),
        population.key(wine, replace(adam, source="edited"), options, 7),
        population.key(wine, adam, {"lr": 0.2}, 7),
        population.key(wine, adam, options, 8),
        expected,
    }
    assert len(others) == 6


def test_the_data_are_those_of_scikit_learn(monkeypatch):
    from importlib.metadata import version

    monkeypatch.undo()
    assert task.data_version() == f"scikit-learn {version('scikit-learn')}"
