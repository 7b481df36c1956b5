"""What a guarded trial is handed and what becomes of its answer; no child is run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.execution import memory
from gradclinic.bench.execution.guarded import GuardedOutcome
from gradclinic.bench.execution.network import (
    layer_files,
    ledger,
    network,
    training_seed,
)
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.half import FORMATS
from gradclinic.scenarios import SCENARIOS, Dataset, Trial
from gradclinic.scenarios.data import load
from gradclinic.scenarios.trial import MemoryPlan

DATA = Dataset("digits", rows=48, validation=16, test=24)
TRIAL = Trial(
    DATA,
    hidden=(5, 3),
    optimizer="momentum",
    lr=0.25,
    batch_size=7,
    epochs=11,
    initialiser="he_normal",
    restart=2,
    memory=MemoryPlan(budget=1_000_000),
)
TASK = Task(Condition("s", "f", "fix", TRIAL), (4, 6), "guard")
TOLD = {"params": np.arange(3.0), "seconds": 0.5, "mapped_bytes": 64}
FITS = GuardedOutcome("fits", "", TOLD, 9.0, 3000, "kernel")


class Server:
    """Gives the outcomes that are listed, and notes what it was asked."""

    def __init__(self, *outcomes):
        self.outcomes, self.asked = list(outcomes), []

    def run(self, function, argument, **how):
        folder = Path(argument[2])
        files = {path.stem: np.load(path) for path in folder.glob("*.npy")}
        self.asked.append((function, argument, how, files))
        return self.outcomes.pop(0)


@pytest.fixture(autouse=True)
def known_values(monkeypatch):
    """The values of a network are its parameters and the rows they were told of."""
    monkeypatch.setattr(
        memory,
        "final_values",
        lambda net, params, rows: {"net": net, "of": params.tolist(), "rows": rows},
    )


def predicted(seed):
    rows = load(DATA, seed)
    return ledger(TRIAL, network(TRIAL, rows), 48)


def test_each_seed_is_handed_its_trial_rows_budget_and_prediction():
    server = Server(FITS, FITS)
    runs = memory.run_guarded(TASK, server)
    assert [run.seed for run in runs] == [4, 6]
    for seed, (function, argument, how, files) in zip(
        (4, 6), server.asked, strict=True
    ):
        rows = load(DATA, seed)
        module, _, name = function.partition(":")
        assert (module, name) == (memory.__name__, "train_from_files")
        assert getattr(memory, name) is memory.train_from_files
        trial, outputs, folder, key = argument
        assert (trial, outputs, key) == (TRIAL, rows.outputs, seed)
        assert set(files) == {"x_seen", "y_seen"}
        for name, array in files.items():
            np.testing.assert_array_equal(array, getattr(rows, name))
        assert how.pop("timeout") > 0
        assert how == {"budget": 1_000_000, "predicted": predicted(seed).total}
        assert not Path(folder).exists()


def test_what_fits_tells_its_peak_its_values_and_its_prediction():
    (run,) = memory.run_guarded(replace(TASK, seeds=(4,)), Server(FITS))
    parts = vars(predicted(4))
    assert (run.status, run.reason, run.seconds, run.bytes) == ("ok", None, 0.5, 3000)
    assert (run.seed, run.fix, run.scenario, run.role) == (4, "f", "s", "fix")
    values = dict(run.values)
    net, rows = values.pop("net"), values.pop("rows")
    assert [layer.outputs for layer in net.nodes if layer.kind.name == "dense"][:2] == [
        5,
        3,
    ]
    np.testing.assert_array_equal(rows.x_test, load(DATA, 4).x_test)
    assert values == {
        **{f"predicted_{name}": size for name, size in parts.items()},
        "predicted_bytes": predicted(4).total,
        "budget": 1_000_000,
        "of": [[0.0, 1.0, 2.0]],
        "peak_bytes": 3000,
        "seconds": 0.5,
        "mapped_bytes": 64,
    }


@pytest.mark.parametrize("status", ["MemoryError", "killed"])
def test_what_does_not_fit_is_run_again_for_its_real_need(status):
    server = Server(GuardedOutcome(status, "No room."), FITS)
    (run,) = memory.run_guarded(replace(TASK, seeds=(4,)), server)
    assert (run.status, run.reason, run.bytes) == (status, "No room.", 3000)
    assert (run.values["peak_bytes"], run.values["of"]) == (3000, [[0.0, 1.0, 2.0]])
    (first, second) = server.asked
    assert first[:2] == second[:2]
    assert second[2] == first[2] | {"budget": None}
    assert first[3].keys() == second[3].keys()


@pytest.mark.parametrize("status", ["MemoryError", "killed"])
def test_what_is_never_safe_has_no_peak(status):
    server = Server(*2 * [GuardedOutcome(status, "No room.")])
    (run,) = memory.run_guarded(replace(TASK, seeds=(4,)), server)
    assert (run.status, run.seconds, run.bytes) == (status, None, None)
    assert "peak_bytes" not in run.values and "of" not in run.values
    assert run.values["predicted_bytes"] == predicted(4).total


@pytest.mark.parametrize("status", ["predicted-not-run", "failed"])
def test_what_was_not_run_is_not_run_again(status):
    server = Server(GuardedOutcome(status, "Why not."))
    (run,) = memory.run_guarded(replace(TASK, seeds=(4,)), server)
    assert (run.status, run.reason) == (status, "Why not.") and len(server.asked) == 1
    assert run.values["budget"] == 1_000_000 and "peak_bytes" not in run.values


@pytest.fixture
def trained(monkeypatch):
    """Training moves all parameters by one; its arguments are noted."""
    notes = []

    def train(net, params, x, y, **how):
        notes.append(how | {"net": net, "start": params.copy(), "x": x, "y": y})
        params += 1.0

    monkeypatch.setattr(memory, "train", train)
    return notes


PLANS = [
    {},
    {"micro_batch": 3},
    {"checkpoint": 2},
    {"storage": "float16"},
    {"storage": "bfloat16"},
    {"in_place": True},
    {"stream": True},
]


def from_files(tmp_path, **plan):
    """The child's answer, on the rows of seed 4 in files."""
    rows, trial = load(DATA, 4), replace(TRIAL, memory=MemoryPlan(**plan))
    for name in ("x_seen", "y_seen"):
        np.save(tmp_path / f"{name}.npy", getattr(rows, name))
    return memory.train_from_files((trial, rows.outputs, tmp_path, 4)), rows, trial


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_the_child_trains_the_trial_on_the_rows_in_the_files(trained, tmp_path, plan):
    told, rows, trial = from_files(tmp_path, **plan)
    (how,) = trained
    for name in ("x", "y"):
        np.testing.assert_array_equal(how[name], getattr(rows, f"{name}_train"))
        assert isinstance(how[name], np.memmap) == ("stream" in plan)
    net, seed = network(trial, rows), training_seed(trial, 4)
    assert how["net"] == net
    np.testing.assert_array_equal(how["start"], net.init(seed, initialiser="he_normal"))
    np.testing.assert_array_equal(told["params"], how["start"] + 1)
    assert (how["lr"], how["seed"], how["threads"]) == (0.25, seed, 1)
    assert (how["device"], how["optimizer"], how["epochs"]) == ("cpu", "momentum", 11)
    # A trial says what it holds: `train` would cut a batch in pieces by itself.
    assert how["micro_batch"] == plan.get("micro_batch", 7)
    assert how["checkpoint"] == trial.memory.checkpoint
    assert how["storage"] == trial.memory.storage
    assert how["in_place"] == trial.memory.in_place
    assert told["seconds"] >= 0


def test_pages_of_mapped_files_are_told(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "mapped_bytes", lambda folder: (folder, "mapped"))
    told, *_ = from_files(tmp_path, stream=True)
    assert told["mapped_bytes"] == (tmp_path, "mapped")
    assert set(told) == set(TOLD)


def test_the_warm_up_loads_every_rule_under_every_plan(trained):
    memory.warm_up()
    found = {
        (how["optimizer"], how["micro_batch"], how["checkpoint"], how["storage"])
        for how in trained
    }
    plain = MemoryPlan()
    plans = [(plain.micro_batch, plain.checkpoint, plain.storage)]
    plans += [(2, *plans[0][1:]), (plans[0][0], 2, plans[0][2])]
    plans += [(*plans[0][:2], name) for name in FORMATS]
    rules = memory.guarded("optimizer")
    assert found == {(rule, *plan) for rule in rules for plan in plans}
    assert {"adam", "adam_8bit", "lion", "momentum", "sgd"} < {*rules} < {*OPTIMIZERS}
    *trained, others, wide = trained
    assert wide["net"].nodes[1].inputs * wide["batch_size"] >= 2**19
    losses = {how["net"].loss for how in trained}
    assert losses == {"cross_entropy", "mse"} == {*memory.guarded("loss")}
    guarded = [q.baseline for s in SCENARIOS.values() for q in (s, *s.parts)]
    asked = {n for t in guarded if t.memory.budget for n in layer_files(t)}
    assert {node.kind.name for node in others["net"].nodes} >= asked > {"dense"}
    for how in trained:
        layers = [layer for layer in how["net"].nodes if layer.kind.name == "dense"]
        assert len(layers) > 2 and how["x"].shape[1] == layers[0].inputs
        assert how["x"].dtype == how["y"].dtype == how["start"].dtype == np.float32
        assert len(how["x"]) == len(how["y"]) > how["batch_size"]
        assert layers[-1].outputs == (1 if how["net"].loss == "mse" else 2)
        assert how["epochs"] == 1
        assert how["threads"] == 1 and how["lr"] > 0


def test_the_server_is_told_where_the_warm_up_is():
    module, _, name = memory.WARM_UP.partition(":")
    assert module == memory.__name__ and getattr(memory, name) is memory.warm_up
