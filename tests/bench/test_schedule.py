"""What is missing is run once; what fails is a record; what is stored is kept."""

import time
from dataclasses import replace

import pytest
from gradclinic.bench.execution.schedule import Resources, complete
from gradclinic.bench.execution.store import Store
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.scenarios import Dataset, Trial

TRIAL = Trial(Dataset("digits", rows=32, validation=16, test=16), hidden=(4,), epochs=1)


def task(name, seeds=(0, 1), kind="train", **changes):
    trial = replace(TRIAL, **changes)
    return Task(Condition("s", name, "fix", trial), seeds, kind)


def quiet(done, total, text):
    assert 0 <= done <= total and text


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "runs.sqlite") as store:
        yield store


ONE = Resources(jobs=1, threads=1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_what_is_missing_runs(store, jobs):
    resources = Resources(jobs=jobs, threads=1)
    assert complete([task("a"), task("b")], store, resources, quiet) == 4
    assert complete([task("a"), task("b")], store, resources, quiet) == 0
    assert complete([task("a", (0, 1, 2)), task("c")], store, resources, quiet) == 3
    assert len(store.runs()) == 7


def test_a_task_that_raises_is_recorded_and_the_others_go_on(store):
    broken = task("broken", data=Dataset("digits", rows=100_000))
    complete([broken, task("sound")], store, ONE, quiet)
    by_fix = {run.fix: run for run in store.runs()}
    assert by_fix["sound"].status == "ok"
    assert by_fix["broken"].status == "failed"
    assert "too few" in by_fix["broken"].reason


def test_a_failed_run_is_tried_again(store):
    broken = task("broken", data=Dataset("digits", rows=100_000))
    assert complete([broken], store, ONE, quiet) == 2
    assert complete([broken], store, ONE, quiet) == 2


def test_nothing_starts_after_the_deadline(store):
    late = Resources(jobs=1, threads=1, deadline=time.monotonic() - 1)
    assert complete([task("a")], store, late, quiet) == 0
    assert store.runs() == []


def test_timed_conditions_of_a_seed_are_measured_in_one_sitting(store):
    python = task("python", (0,), "time", engine="python", optimizer="sgd")
    numpy = task("numpy", (0,), "time", engine="numpy", optimizer="sgd")
    complete([python], store, ONE, quiet)
    first = store.runs()[0].values["seconds_per_step"]
    assert complete([python, numpy], store, ONE, quiet) == 2
    again = {run.fix: run.values["seconds_per_step"] for run in store.runs()}
    assert again["python"] != first
    assert {run.values["disagreement"] < 1e-4 for run in store.runs()} == {True}
