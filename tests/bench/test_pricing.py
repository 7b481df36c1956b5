"""Passes timed in turns: what is timed, how long, and in which order."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution import pricing, timing
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.scenarios import Dataset, Trial

TRIAL = Trial(
    Dataset("wine", rows=40, validation=20, test=20), hidden=(4,), lr=9.0, batch_size=8
)


def a_task(name, trial):
    return Task(Condition("s", name, "price", trial), (3,), "price")


@pytest.fixture
def clock(monkeypatch):
    """Training notes itself and takes 2 ms a pass of 8 rows, 1 ms otherwise."""
    notes = []

    def train(net, params, x, y, **how):
        notes.append(how | {"rows": len(x), "start": params.copy()})
        notes[-1]["seconds"] = how["epochs"] * (
            0.002 if how["batch_size"] == 8 else 0.001
        )

    def timed(call, count):
        call()
        return notes[-1]["seconds"]

    monkeypatch.setattr(pricing, "train", train)
    for module in (pricing, timing):
        monkeypatch.setattr(module, "timed", timed)
    return notes


def test_a_pass_is_timed_in_turns_on_one_thread(clock):
    tasks = [a_task("a", TRIAL), a_task("b", replace(TRIAL, batch_size=16))]
    first, second = pricing.run_pricing(tasks)
    assert first.values["seconds_per_epoch"] == first.seconds == pytest.approx(0.002)
    assert second.values["seconds_per_epoch"] == pytest.approx(0.001)
    assert second.curves["seconds_per_epoch"] == pytest.approx([0.001] * pricing.ROUNDS)
    assert (first.role, first.seed, first.status) == ("price", 3, "ok")
    order = [how["batch_size"] for how in clock[-2 * pricing.ROUNDS :]]
    assert order == [8, 16, 16, 8] * (pricing.ROUNDS // 2)
    for how in clock:
        assert (how["threads"], how["device"], how["rows"]) == (1, "cpu", 40)
        assert 0 < how["lr"] < 1e-9 and "validation" not in how
    assert all(how["seconds"] >= 0.02 for how in clock[-2 * pricing.ROUNDS :])


def test_every_round_starts_at_the_same_parameters(clock):
    pricing.run_pricing([a_task("a", TRIAL)])
    for how in clock[1:]:
        np.testing.assert_array_equal(how["start"], clock[0]["start"])


def test_what_stops_early_is_timed_with_its_validation_and_to_the_end(clock):
    pricing.run_pricing([a_task("a", replace(TRIAL, patience=2))])
    for how in clock:
        assert how["patience"] > how["epochs"]
        assert len(how["validation"][0]) == 20


def test_a_minimiser_is_timed_at_its_own_steps(clock, monkeypatch):
    """Its searches cost what they do; one that converges begins again."""
    noted = pricing.train
    ended = type("History", (), {"epochs": 2})

    def train(*arrays, **how):
        noted(*arrays, **how)
        return ended

    monkeypatch.setattr(pricing, "train", train)
    trial = replace(TRIAL, optimizer="lbfgs", lr=1.0, batch_size=None, epochs=3)
    call = pricing._training(a_task("a", trial))
    call(5)
    assert [how["epochs"] for how in clock] == [3, 3, 1]
    assert all(how["lr"] == 1.0 and how["threads"] == 1 for how in clock)


def test_a_training_that_would_diverge_is_timed_whole(monkeypatch):
    monkeypatch.setattr(timing, "SAMPLE_SECONDS", 1e-4)
    histories = []

    def train(*arrays, **how):
        histories.append((how["epochs"], real(*arrays, **how)))

    real = pricing.train
    monkeypatch.setattr(pricing, "train", train)
    wild = replace(
        TRIAL,
        optimizer="sgd",
        lr=1e6,
        hidden=(),
        data=replace(TRIAL.data, transforms=(("polynomial", 2),)),
    )
    (run,) = pricing.run_pricing([a_task("a", wild)])
    assert all(len(h.train_loss) == epochs for epochs, h in histories)
    assert run.seconds > 0


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_predicted_bytes_are_those_that_a_pass_holds(monkeypatch, precision):
    monkeypatch.setattr(timing, "SAMPLE_SECONDS", 1e-4)
    wide = replace(TRIAL, hidden=(400, 300), batch_size=None, precision=precision)
    tasks = [a_task("a", wide), a_task("b", replace(wide, optimizer="sgd"))]
    runs = pricing.run_pricing(tasks)
    for run in runs:
        parts = {k: v for k, v in run.values.items() if k.startswith("predicted_")}
        assert parts.pop("predicted_bytes") == sum(parts.values()) == run.bytes
        assert run.values["peak_bytes"] == pytest.approx(run.bytes, rel=0.01, abs=4e4)
    assert runs[0].bytes > runs[1].bytes > 1_000_000
