"""A run's key changes with all that defines the run, and with nothing else."""

from dataclasses import replace

import pytest
from gradclinic.bench.execution import task
from gradclinic.bench.execution.task import Condition, key, kind_of
from gradclinic.scenarios import Dataset, MemoryPlan, Trial

CONDITION = Condition("s", "f", "fix", Trial(Dataset("digits")))


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": "t"},
        {"fix": "g"},
        {"role": "placebo"},
        {"trial": Trial(Dataset("digits"), lr=0.5)},
        {"trial": Trial(Dataset("digits", rows=3))},
        {"trial": Trial(Dataset("digits"), memory=MemoryPlan(micro_batch=4))},
    ],
)
def test_key_depends_on_every_part(change):
    assert key(replace(CONDITION, **change), 0, "train") != key(CONDITION, 0, "train")


def test_key_depends_on_seed_kind_and_kernels(monkeypatch):
    keys = {key(CONDITION, 0, "train"), key(CONDITION, 1, "train")}
    keys.add(key(CONDITION, 0, "time"))
    monkeypatch.setattr(task, "training_source", lambda *_, **__: "edited")
    keys.add(key(CONDITION, 0, "train"))
    assert len(keys) == 4


def test_key_is_the_same_in_another_run_of_the_program():
    assert key(CONDITION, 3, "train") == key(replace(CONDITION), 3, "train")


def test_how_a_trial_is_run():
    trial = CONDITION.trial
    assert kind_of(trial, "test_loss") == "train"
    assert kind_of(trial, "seconds_per_step") == "time"
    assert kind_of(replace(trial, memory=MemoryPlan(budget=1)), "peak_bytes") == "guard"
