"""What is missing is run once; what fails is a record; what is stored is kept."""

import re
import time
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from gradclinic.bench.errors import ResourceUnavailable
from gradclinic.bench.execution import attempt, schedule, training
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.schedule import Resources, complete
from gradclinic.bench.execution.store import Store
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.measurement.noise import Signs
from gradclinic.kernels.device import DeviceError, DeviceLost
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


@pytest.fixture(autouse=True)
def quiet_host(monkeypatch):
    signs = Signs(0.0, 0.0, 2, 0.0)
    monkeypatch.setattr(schedule, "Laps", lambda: SimpleNamespace(signs=lambda: signs))


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


# All that `Run` says a run may end with.
STATUSES = (
    "ok",
    "diverged",
    "stopped_early",
    "MemoryError",
    "killed",
    "predicted-not-run",
    "unavailable",
    "failed",
)


def test_every_status_is_tried():
    said = " ".join(Run.__doc__.split())
    (listed,) = re.findall(r"status: (.*?); reason:", said)
    assert set(re.findall(r"`([^`]+)`", listed)) == set(STATUSES)


@pytest.mark.parametrize("kind", ["train", "time", "guard"])
@pytest.mark.parametrize("status", STATUSES)
def test_only_a_failed_run_is_run_again(store, monkeypatch, status, kind):
    """Whatever else became of a run is an answer, and stays as it was stored."""
    ran = []

    def again(task, *_):
        ran.extend(task.seeds)
        return [task.run(seed, status="ok", reason="again") for seed in task.seeds]

    def all_again(tasks):
        return [run for task in tasks for run in again(task)]

    for name, run in (
        ("run_training", again),
        ("run_guarded", again),
        ("run_timing", all_again),
    ):
        monkeypatch.setattr(schedule, name, run)
    monkeypatch.setattr(schedule, "GuardedServer", lambda **how: nullcontext())
    monkeypatch.setattr(attempt, "absence", lambda: "There is no GPU here.")
    found = task("a", (3, 4), kind)
    stored = [found.run(seed, status=status, reason="before") for seed in found.seeds]
    store.put(stored)
    before = store.runs()
    count = 2 if status == "failed" else 0
    assert complete([found], store, ONE, quiet) == count
    assert ran == list(found.seeds[:count])
    if status != "failed":
        assert store.runs() == before
    else:
        assert {run.reason for run in store.runs()} == {"again"}


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


@pytest.fixture
def failing(monkeypatch):
    """Make the trainings of one learning rate fail, and note where all are asked."""
    real, asked = training.train_population, {}

    def fail(error, lr):
        def train_population(*arrays, device, **options):
            asked[options["lr"]] = device
            if options["lr"] == lr:
                raise error
            return replace(real(*arrays, **options), device=device)

        monkeypatch.setattr(training, "train_population", train_population)
        return asked

    return fail


def test_a_training_that_fails_on_the_gpu_is_a_sentence_and_the_others_go_on(
    store, failing
):
    asked = failing(DeviceError("The GPU is out of memory."), 0.5)
    tasks = [replace(task(str(lr), lr=lr), device="cuda") for lr in (0.1, 0.5, 0.2)]
    assert complete(tasks, store, ONE, quiet) == 6
    by_fix = {run.fix: run for run in store.runs()}
    assert {run.device for run in by_fix.values()} == {"cuda"}
    assert (by_fix["0.1"].status, by_fix["0.2"].status) == ("ok", "ok")
    assert by_fix["0.5"].status == "failed"
    assert by_fix["0.5"].reason == "The GPU is out of memory."
    assert asked == {0.1: "cuda", 0.5: "cuda", 0.2: "cuda"}


def test_a_lost_gpu_ends_the_suite_and_what_is_stored_is_kept(store, failing):
    failing(DeviceLost("The GPU is lost."), 0.5)
    tasks = [replace(task(str(lr), lr=lr), device="cuda") for lr in (0.1, 0.5, 0.2)]
    with pytest.raises(ResourceUnavailable, match=r"The GPU is lost\. The runs stored"):
        complete(tasks, store, ONE, quiet)
    assert {run.fix for run in store.runs()} == {"0.1"}


def test_what_a_gpu_cannot_train_runs_on_the_processor(store, failing):
    asked = failing(None, None)
    tasks = [
        replace(task("muon", (0,), optimizer="muon", lr=0.3), device="cuda"),
        replace(task("adam", (0,), lr=0.4), device="cuda"),
    ]
    complete(tasks, store, ONE, quiet)
    assert asked == {0.3: "cpu", 0.4: "cuda"}


def test_runs_of_a_gpu_are_stored_beside_those_of_the_processor():
    plain = task("a")
    assert replace(plain, device="cpu").key(0) == plain.key(0)
    assert len({replace(plain, device=d).key(0) for d in ("cpu", "auto", "cuda")}) == 3


@pytest.mark.parametrize("kind", ["time", "price"])
def test_a_sitting_that_fails_is_recorded_for_all_that_took_part(
    store, monkeypatch, kind
):
    def fails(tasks):
        raise ValueError("No clock.")

    for name in ("run_timing", "run_pricing"):
        monkeypatch.setattr(schedule, name, fails)
    complete([task("a", kind=kind), task("b", kind=kind)], store, ONE, quiet)
    runs = store.runs()
    assert {(run.fix, run.seed) for run in runs} == {
        (fix, seed) for fix in "ab" for seed in (0, 1)
    }
    for run in runs:
        assert (run.status, run.reason) == ("failed", "ValueError: No clock.")
        assert run.device == "cpu" and run.trial["data"]["name"] == "digits"


def test_guarded_trials_share_one_warm_server(store, monkeypatch):
    """One after the other, all conditions of a seed together."""
    ran, servers = [], []

    class Server:
        def __init__(self, warm_up):
            servers.append(warm_up)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            servers.append("closed")

        def settle(self):
            servers.append("settled")

    def run_guarded(task, server):
        assert isinstance(server, Server)
        ran.append((task.condition.fix, *task.seeds))
        if task.condition.fix == "b":
            raise ValueError("No room.")
        return [task.run(seed) for seed in task.seeds]

    monkeypatch.setattr(schedule, "GuardedServer", Server)
    monkeypatch.setattr(schedule, "run_guarded", run_guarded)
    tasks = [task(fix, kind="guard") for fix in "ab"]
    said = []
    assert complete(tasks, store, ONE, lambda *what: said.append(what)) == 4
    assert ran == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert servers == [schedule.WARM_UP, "settled", "closed"]
    status = {(run.fix, run.seed): run.status for run in store.runs()}
    assert status == {
        ("a", 0): "ok",
        ("a", 1): "ok",
        ("b", 0): "failed",
        ("b", 1): "failed",
    }
    assert [text for *_, text in said] == ["Training", "s: a", "s: a"]
    assert all(0 <= done <= total == 2 for done, total, _ in said)


def test_an_error_for_the_user_ends_guarded_trials(store, monkeypatch):
    def run_guarded(task, server):
        raise ResourceUnavailable("No disk.")

    monkeypatch.setattr(schedule, "GuardedServer", lambda **how: nullcontext())
    monkeypatch.setattr(schedule, "run_guarded", run_guarded)
    with pytest.raises(ResourceUnavailable, match="No disk"):
        complete([task("a", kind="guard")], store, ONE, quiet)


@pytest.mark.parametrize("kind", ["time", "price", "guard"])
def test_what_has_begun_when_time_is_up_is_kept(store, monkeypatch, kind):
    """The first seed takes all the time; nothing of the second one is begun."""
    now = [0.0]

    def run(task, *_):
        now[0] = 11.0
        return [task.run(seed) for seed in task.seeds]

    def together(tasks):
        return [made for each in tasks for made in run(each)]

    monkeypatch.setattr(schedule.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(schedule, "GuardedServer", lambda **how: nullcontext())
    monkeypatch.setattr(schedule, "run_guarded", run)
    for name in ("run_timing", "run_pricing"):
        monkeypatch.setattr(schedule, name, together)
    complete([task("a", kind=kind)], store, Resources(1, 1, deadline=10.0), quiet)
    assert [run.seed for run in store.runs()] == [0]


class Pool:
    """In the place of joblib's: calls one after the other, the last one first."""

    def __init__(self, **how):
        Pool.how = how

    def __call__(self, calls):
        for function, args, kwargs in list(calls)[::-1]:
            yield function(*args, **kwargs)


@pytest.mark.parametrize("jobs", [2, 5])
def test_trainings_are_handed_to_as_many_processes_as_asked(store, monkeypatch, jobs):
    handed, said = [], []

    def run_training(task, threads):
        handed.append((task.condition.fix, task.seeds, threads))
        return [task.run(seed) for seed in task.seeds]

    monkeypatch.setattr(schedule, "Parallel", Pool)
    monkeypatch.setattr(schedule, "run_training", run_training)
    tasks = [task("a"), task("b", (3,))]
    complete(tasks, store, Resources(jobs, 7), lambda *what: said.append(what))
    # Each is stored and told as it ends, whichever ends first.
    assert Pool.how == {"n_jobs": jobs, "return_as": "generator_unordered"}
    assert handed == [("b", (3,), 7), ("a", (0, 1), 7)]
    assert said == [(0, 2, "Training"), (1, 2, "s: b"), (2, 2, "s: a")]


def test_the_longest_trainings_begin_first_and_those_of_a_scenario_stay_together(store):
    short, long = task("short"), task("long", epochs=3)
    middle = task("middle", epochs=2)
    other = replace(middle, condition=replace(middle.condition, scenario="t"))
    said = []
    complete([short, other, long], store, ONE, lambda *what: said.append(what[-1]))
    assert said[1:] == ["s: long", "s: short", "t: middle"]
