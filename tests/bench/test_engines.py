"""All ways to compute a step of SGD take the same step."""

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.execution import attempt, scaling, timing
from gradclinic.bench.execution.engines import ENGINES, NETWORKS
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.kernels import mlp
from gradclinic.kernels.device import DeviceError
from gradclinic.kernels.driver import absence
from gradclinic.scenarios import Dataset, Trial

NET = mlp([6, 9, 5, 4], activation="relu", loss="cross_entropy")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 6)).astype(np.float32)
Y = RNG.integers(0, 4, (10, 1)).astype(np.float32)


def descended(steps, lr):
    """The parameters after steps of SGD on the network's own gradient, in float64."""
    params = NET.init(seed=1).astype(np.float64)
    for _ in range(steps):
        params -= lr * NET.loss_and_grad(params, X, Y)[1]
    return params


HERE = [name for name in ENGINES if name != "cuda" or not absence()]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("steps", [1, 7])
def test_engine_descends_the_gradient(name, steps):
    params = NET.init(seed=1)
    ENGINES[name](NET, params, X, Y, 0.3)(steps)
    np.testing.assert_allclose(params, descended(steps, 0.3), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("name", HERE)
def test_engine_goes_on_where_it_stopped(name):
    together, apart = NET.init(seed=1), NET.init(seed=1)
    ENGINES[name](NET, together, X, Y, 0.1)(5)
    run = ENGINES[name](NET, apart, X, Y, 0.1)
    run(2)
    run(3)
    np.testing.assert_allclose(apart, together, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("most", "counts"),
    [
        (1, (1,)),
        (2, (1, 2)),
        (6, (1, 2, 3, 4, 5, 6)),
        (12, (1, 2, 4, 8, 12)),
        (16, (1, 2, 4, 8, 16)),
    ],
)
def test_counts_of_threads_end_at_all_of_them(most, counts):
    assert scaling.thread_counts(most) == counts


@pytest.mark.parametrize("engine", ["numba_parallel", "population"])
def test_every_count_takes_the_same_step(engine):
    start = NET.init(seed=1)
    name, runs = scaling.by_count(engine, NET, start, X, Y, 0.3)
    assert name in ("threads", "networks") and next(iter(runs)) == 1
    for run in runs.values():
        run(3)
    np.testing.assert_array_equal(start, NET.init(seed=1))
    assert scaling.by_count("numpy", NET, start, X, Y, 0.3) == ("", {})


def timed_runs(monkeypatch, *engines):
    """The runs of engines whose calls all take a second."""
    monkeypatch.setattr(timing, "timed", lambda call, count: call() or 1.0)
    trial = Trial(Dataset("wine", rows=20, validation=20, test=20), hidden=(4,))
    conditions = [
        Condition("s", e, "fix", replace(trial, engine=e, batch_size=8, epochs=1))
        for e in engines
    ]
    return timing.run_timing([Task(c, (3,), "time") for c in conditions])


def test_the_seconds_of_a_population_are_those_of_a_network(monkeypatch):
    one, many = timed_runs(monkeypatch, "numba", "population")
    assert one.seconds == 1.0 and many.seconds == 1 / NETWORKS["population"]
    assert many.curves["networks"] == list(scaling.NETWORKS)
    seconds = [1 / n for n in scaling.NETWORKS]
    assert many.curves["seconds_by_networks"] == pytest.approx(seconds)
    assert many.bytes == NETWORKS["population"] * one.bytes and one.curves == {}


def test_an_engine_without_its_device_says_so(monkeypatch):
    def chosen(device):
        if device == "cuda":
            raise DeviceError("There is no GPU here.")

    monkeypatch.setattr(timing, "chosen_device", chosen)
    *_, run = timed_runs(monkeypatch, "numba", "cuda")
    assert (run.status, run.reason) == ("unavailable", "There is no GPU here.")
    assert run.fix == "cuda" and run.seconds is None


@pytest.mark.parametrize("reason", [None, "There is no GPU here."])
def test_what_lacked_a_device_is_tried_again_where_there_is_one(monkeypatch, reason):
    monkeypatch.setattr(attempt, "absence", lambda: reason)
    run = Run("k", "s", "f", "fix", 3, status="unavailable")
    assert attempt.lacking(run) == (reason is None)


@pytest.mark.parametrize("name", ["csv", "csv_thread", "binary"])
def test_a_file_of_rows_is_closed_with_its_engine(name):
    """The file has no name, so the descriptor is all that could be left."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    before = len(list(folder.iterdir()))
    run = ENGINES[name](NET, NET.init(seed=1), X, Y, 0.1)
    run(1)
    assert len(list(folder.iterdir())) == before + 1
    del run
    gc.collect()
    assert len(list(folder.iterdir())) == before
