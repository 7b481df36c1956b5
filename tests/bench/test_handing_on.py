"""What a trial's fields become on their way to the kernels; no training is run."""

from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution import network as wiring
from gradclinic.bench.execution import population, timing, training
from gradclinic.bench.execution.entrant import registered
from gradclinic.bench.execution.record import Run, tidy_lines
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.kernels.history import CURVE_NAMES
from gradclinic.kernels.memory import StepMemory
from gradclinic.scenarios import Dataset, Trial
from gradclinic.scenarios.problems import PROBLEMS
from gradclinic.scenarios.trial import MemoryPlan

DATA = Dataset("digits", rows=48, validation=16, test=24)
# No two fields have the same value, so that none can stand for another.
ODD = Trial(
    DATA,
    hidden=(5, 3),
    activation="tanh",
    optimizer="momentum",
    lr=0.25,
    batch_size=7,
    epochs=11,
    schedule="step",
    schedule_options=(("gamma", 0.3),),
    warmup=2,
    l1=0.01,
    l2=0.02,
    clip_norm=3.0,
    clip_value=4.0,
    reduction="sum",
    patience=9,
    hyper=(("momentum", 0.8),),
    dropout=0.1,
    input_noise=0.4,
    memory=MemoryPlan(micro_batch=6, checkpoint=8, storage="float16", in_place=True),
)


def test_every_field_of_a_trial_reaches_the_training():
    assert wiring.options(ODD) == {
        "optimizer": "momentum",
        "batch_size": 7,
        "epochs": 11,
        "schedule": "step",
        "schedule_options": {"gamma": 0.3},
        "warmup": 2,
        "l1": 0.01,
        "l2": 0.02,
        "clip_norm": 3.0,
        "clip_value": 4.0,
        "reduction": "sum",
        "patience": 9,
        "micro_batch": 6,
        "checkpoint": 8,
        "storage": "float16",
        "in_place": True,
        "momentum": 0.8,
    }
    assert {f.name for f in fields(Trial)} >= {"restart", "initialiser", "precision"}


@pytest.mark.parametrize(
    ("loss", "outputs", "last"),
    [
        ("cross_entropy", 10, 10),
        ("cross_entropy", 2, 2),
        ("hinge", 2, 1),
        ("hinge", 3, 3),
        ("binary_cross_entropy", 2, 1),
        ("mse", 2, 2),
    ],
)
def test_the_network_has_the_shapes_of_the_data(loss, outputs, last):
    split = SimpleNamespace(x_train=np.zeros((4, 6)), outputs=outputs)
    net = wiring.network(replace(ODD, loss=loss), split)
    dense = [node for node in net.nodes if node.kind.name == "dense"]
    assert [(node.inputs, node.outputs) for node in dense] == [
        (6, 5),
        (5, 3),
        (3, last),
    ]
    assert net.loss == loss


def test_a_restart_shares_the_data_and_no_draw():
    seeds = {
        wiring.training_seed(replace(ODD, restart=r), s)
        for r in range(4)
        for s in range(1000)
    }
    assert len(seeds) == 4000 and wiring.training_seed(ODD, 7) == 7


@pytest.mark.parametrize(
    ("changes", "batch", "piece"),
    [
        ({}, 7, 6),
        ({"memory": MemoryPlan()}, 7, 7),
        ({"batch_size": None, "memory": MemoryPlan()}, 40, 40),
        ({"batch_size": 100, "memory": MemoryPlan()}, 40, 40),
        ({"optimizer": "gradient_descent", "memory": MemoryPlan()}, 40, 40),
    ],
)
def test_the_ledger_is_of_the_trial(monkeypatch, changes, batch, piece):
    seen = {}
    monkeypatch.setattr(
        wiring, "predicted_bytes", lambda *a, **how: seen.update(how, given=a)
    )
    trial = replace(ODD, **changes)
    wiring.ledger(trial, "net", 40)
    _, rule, rows = seen.pop("given")
    memory = trial.memory
    assert (rule.name, rows) == (trial.optimizer, batch)
    assert seen == {
        "piece_rows": piece,
        "plan": StepMemory(memory.checkpoint, memory.storage, in_place=memory.in_place),
        "early_stopping": True,
        "data_rows": 40,
        "itemsize": 4,
    }
    streamed = replace(memory, stream=True)
    wiring.ledger(
        replace(trial, memory=streamed, precision="float64", patience=None), "n", 40
    )
    assert (seen["data_rows"], seen["itemsize"], seen["early_stopping"]) == (
        0,
        8,
        False,
    )


def a_population(how, device="cpu"):
    """What training gives: run k stops after 3 + k epochs; curves tell who they are."""
    runs, epochs = len(how["seeds"]), 8
    curves = {
        name: 100.0 * place + 10.0 * np.arange(runs)[:, None] + np.arange(epochs)
        for place, name in enumerate(CURVE_NAMES)
    }
    return SimpleNamespace(
        **curves,
        epochs=np.arange(runs) + 3,
        seconds=np.arange(runs) + 0.5,
        status=["ok", "diverged", "stopped_early"][:runs],
        reasons=[""] * runs,
        device=device,
        params=np.arange(runs),
        evaluations=None,
    )


def test_a_condition_is_trained_on_all_its_seeds_at_once(monkeypatch):
    seen = {}

    def train_population(net, x, y, **how):
        seen.update(how, x=x, y=y)
        return a_population(how, "cuda")

    monkeypatch.setattr(training, "train_population", train_population)
    monkeypatch.setattr(training, "why_not", lambda **how: None)
    monkeypatch.setattr(training, "final_values", lambda net, params, *_: {"p": params})
    trial = replace(ODD, initialiser="he_normal", precision="float64", restart=1)
    task = Task(Condition("s", "f", "fix", trial), (4, 5, 6), "train", "cuda")
    runs = training.run_training(task, 3)
    splits = [training.split(DATA, seed) for seed in (4, 5, 6)]
    assert seen["seeds"] == [wiring.training_seed(trial, seed) for seed in (4, 5, 6)]
    for k, split in enumerate(splits):
        for found, part in (
            (seen["x"], split.x_train),
            (seen["y"], split.y_train),
            (seen["validation"][0], split.x_val),
            (seen["validation"][1], split.y_val),
        ):
            np.testing.assert_array_equal(found[k], part)
    assert (seen["lr"], seen["threads"], seen["device"]) == (0.25, 3, "cuda")
    assert (seen["initialiser"], seen["dtype"]) == ("he_normal", np.float64)
    assert wiring.options(trial).items() <= seen.items()
    assert [run.status for run in runs] == ["ok", "diverged", "stopped_early"]
    for k, run in enumerate(runs):
        assert (run.seed, run.seconds, run.device) == (4 + k, k + 0.5, "cuda")
        assert run.values["epochs"] == 3 + k and run.values["p"] == k
        assert run.curves["epoch"] == list(range(1, 4 + k))
        for place, name in enumerate(CURVE_NAMES):
            first = 100.0 * place + 10.0 * k
            assert run.curves[name] == [first + e for e in range(3 + k)]
        net = wiring.network(trial, splits[k])
        expected = wiring.ledger(trial, net, 48).total
        assert run.bytes == run.values["predicted_bytes"] == expected


def test_what_a_gpu_cannot_do_is_asked_of_the_processor(monkeypatch):
    seen = {}

    def train_population(*arrays, **how):
        seen.update(how)
        return a_population(how)

    monkeypatch.setattr(training, "train_population", train_population)
    monkeypatch.setattr(training, "why_not", lambda **how: "No.")
    monkeypatch.setattr(training, "final_values", lambda *given: {})
    task = Task(Condition("s", "f", "fix", ODD), (4,), "train", "cuda")
    training.run_training(task, 1)
    assert seen["device"] == "cpu"


@pytest.mark.parametrize("role", ["trial", "fresh"])
def test_jobs_of_an_optimizer_are_one_population(monkeypatch, role):
    seen = {}

    def train_population(net, x, y, **how):
        seen.update(how, x=x, y=y)
        return a_population(how)

    monkeypatch.setattr(population, "train_population", train_population)
    wine, adamw = PROBLEMS["wine"], registered("adamw")
    defaults = {k: float(v) for k, v in adamw.optimizer.defaults.items()}
    jobs = {"k1": (defaults | {"lr": 0.1}, 7), "k2": (defaults | {"lr": 0.2}, 9)}
    first, second = population.trained(wine, adamw, role, jobs, 3)
    assert (seen["seeds"], seen["lr"], seen["threads"]) == ([7, 9], [0.1, 0.2], 3)
    assert seen["beta1"] == [defaults["beta1"]] * 2
    assert (seen["optimizer"], seen["device"]) == (adamw.optimizer, "cpu")
    trial = wine.trial
    assert (seen["batch_size"], seen["epochs"]) == (trial.batch_size, trial.epochs)
    rows = population.split(trial.data, population.DATA_SEED)
    for found, part in zip(
        (seen["x"], seen["y"], *seen["validation"]),
        (rows.x_train, rows.y_train, rows.x_val, rows.y_val),
        strict=True,
    ):
        assert found is part
    assert (first.key, second.key, second.seed, second.status) == (
        "k1",
        "k2",
        9,
        "diverged",
    )
    assert second.trial == jobs["k2"][0] and second.seconds == 1.5
    place = CURVE_NAMES.index("val_loss")
    start = 100.0 * place + 10.0
    assert second.curves["val_loss"] == [start + e for e in range(4)]
    assert second.values == {"best": start, "epochs": 4}
    assert ("train_loss" in second.curves) == (role == "fresh")


def test_batches_are_counted_up_and_a_full_batch_is_one():
    wine = PROBLEMS["wine"]
    trial = replace(wine.trial, batch_size=20)
    rows = trial.data.rows
    assert rows % 20
    assert population.batches(replace(wine, trial=trial)) == rows // 20 + 1
    full = replace(wine, trial=replace(trial, batch_size=None))
    assert population.batches(full) == 1


def test_a_run_that_could_not_be_trained_says_why(monkeypatch):
    def train_population(*arguments, **how):
        raise ValueError("No.\nMore.")

    monkeypatch.setattr(population, "train_population", train_population)
    wine, sgd, known, put = PROBLEMS["wine"], registered("sgd"), {}, []
    store = SimpleNamespace(put=put.extend)
    options = dict(sgd.optimizer.defaults) | {"lr": 0.1}
    (run,) = population.complete(wine, sgd, "trial", [(options, 7)], known, store, 3)
    key = population.key(wine, sgd, options, 7)
    assert (run.key, run.scenario, run.fix, run.role, run.seed) == (
        key,
        "wine",
        "sgd",
        "trial",
        7,
    )
    assert put == [run] and known == {key: run}
    assert (run.status, run.reason) == ("failed", "ValueError: No.")
    assert run.curves == {"val_loss": [], "train_loss": []}
    assert run.values == {"best": None, "epochs": 0}


def test_tidy_lines_hold_each_value_with_its_unit():
    about = {"seconds": 2.0, "bytes": 8, "device": "cuda", "status": "diverged"}
    values = {"test_loss": 0.5, "epochs": None, "peak_bytes": 4.0}
    run = Run("k", "s", "f", "fix", 3, values=values, **about)
    lines = list(tidy_lines(run))
    start, end = ("s", "f", "fix", 3), ("cuda", 2.0, 8, "diverged")
    assert lines[0] == (*start, "test_loss", 0.5, "", *end)
    assert lines[2] == (*start, "peak_bytes", 4.0, "bytes", *end)
    assert lines[1][4] == "epochs" and np.isnan(lines[1][5])
    assert lines[1][6] == "epochs"
    ((*_, metric, value, unit, _, _, _, _),) = tidy_lines(replace(run, values={}))
    assert metric is None and np.isnan(value) and unit == ""


def an_engine(off, cost):
    """An engine that ends at `off`, and whose step takes `cost` on the clock."""

    def engine(net, params, x, y, lr):
        def run(steps):
            params[:] = off
            timing.clock.append(cost * steps)

        return run

    return engine


@pytest.mark.parametrize(("off", "status"), [(2.0001, "ok"), (2.1, "failed")])
def test_engines_that_disagree_are_not_timed_as_equals(monkeypatch, off, status):
    engines = {"numpy": an_engine(2.0, 0.01), "numba": an_engine(off, 0.002)}
    monkeypatch.setattr(timing, "ENGINES", engines)
    monkeypatch.setattr(timing, "clock", [], raising=False)

    def timed(call, count):
        timing.clock.clear()
        call()
        return timing.clock[-1]

    monkeypatch.setattr(timing, "timed", timed)
    trials = [replace(ODD, memory=MemoryPlan(), engine=e) for e in ("numpy", "numba")]
    tasks = [Task(Condition("s", t.engine, "fix", t), (3,), "time") for t in trials]
    slow, fast = timing.run_timing(tasks)
    assert slow.values["seconds_per_step"] == slow.seconds == pytest.approx(0.01)
    assert fast.values["seconds_per_step"] == pytest.approx(0.002)
    assert fast.values["steps_per_second"] == pytest.approx(500)
    assert fast.values["disagreement"] == pytest.approx((off - 2) / 2, rel=1e-2)
    assert (slow.status, fast.status) == ("ok", status)
    assert (fast.reason is None) == (status == "ok")
    assert slow.seed == fast.seed == 3 and slow.bytes > 0
